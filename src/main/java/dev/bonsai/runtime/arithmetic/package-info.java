/**
 * Fast arithmetic on {@code float} arrays for the runtime: products of matrices and functions over
 * arrays, in plain Java and with the JDK's Vector API. It depends on the JDK only.
 *
 * <p>Stability: internal; the runtime computes with it.
 */
@NullMarked
package dev.bonsai.runtime.arithmetic;

import org.jspecify.annotations.NullMarked;
