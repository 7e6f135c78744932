/**
 * The description of a model outside its Java code: operators in order, with the names and the
 * meaning of ONNX (domain {@code ai.onnx}, operator set 17), as plain values.
 *
 * <p>A {@link dev.bonsai.graph.Graph} has the structure only. The weights stand in it by the path
 * that reports and selectors use; a {@link dev.bonsai.graph.GraphModel} has their values too.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.graph;

import org.jspecify.annotations.NullMarked;
