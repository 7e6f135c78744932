/**
 * Runs a graph in plain Java, with no native code and no dependency beyond the JDK.
 *
 * <p>{@link dev.bonsai.runtime.PlainModel} runs a whole model; {@link dev.bonsai.runtime.Kernels}
 * has the arithmetic of each operator.
 */
package dev.bonsai.runtime;
