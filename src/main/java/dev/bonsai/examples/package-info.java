/**
 * The runnable examples, such as users would write them on top of the library.
 *
 * <p>Stability: internal; they are for reading and running, and their options may change.
 */
@NullMarked
package dev.bonsai.examples;

import org.jspecify.annotations.NullMarked;
