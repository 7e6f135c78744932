/**
 * A model learns from a teacher while it is compressed.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.distillation;

import org.jspecify.annotations.NullMarked;
