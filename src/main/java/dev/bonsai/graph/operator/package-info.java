/**
 * The operators of a graph: each a small immutable type with its attributes and its shape rule.
 *
 * <p>A new operator is one type that implements {@link dev.bonsai.graph.operator.Operator} and one
 * line in {@link dev.bonsai.graph.operator.Operators}.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.graph.operator;

import org.jspecify.annotations.NullMarked;
