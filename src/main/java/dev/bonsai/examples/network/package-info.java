/**
 * The networks that the examples compress, each for images of one format and ten classes.
 *
 * <p>Stability: internal; they are for reading and running.
 */
@NullMarked
package dev.bonsai.examples.network;

import org.jspecify.annotations.NullMarked;
