/**
 * The small and stable middle: what a technique is, what it may know, and what it does to a weight.
 *
 * <p>Techniques live in packages of their own, know this package and {@link dev.bonsai.encoding},
 * and never each other. What lets them be combined is one law: every {@link
 * dev.bonsai.core.WeightTransform} maps 0 to exactly 0.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.core;

import org.jspecify.annotations.NullMarked;
