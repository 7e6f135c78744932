/**
 * What is known of a value before it is computed: the type of its elements and its shape.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.graph.type;

import org.jspecify.annotations.NullMarked;
