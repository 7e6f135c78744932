/**
 * Fast arithmetic on {@code float} arrays for the runtime: products of matrices and functions over
 * arrays, in plain Java and with the JDK's Vector API. It depends on the JDK only.
 */
package dev.bonsai.runtime.arithmetic;
