/**
 * Runs a graph in plain Java, with no native code and no dependency beyond the JDK.
 *
 * <p>{@link dev.bonsai.runtime.PlainModel} runs a whole model; {@link dev.bonsai.runtime.Kernels}
 * has the arithmetic of each operator.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.runtime;

import org.jspecify.annotations.NullMarked;
