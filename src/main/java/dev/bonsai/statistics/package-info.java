/**
 * Arithmetic on what a metric is the mean of: how much worse one state of a model is than another
 * on the same samples, how sure that is, and how often one may ask; and how long something takes.
 * Plain values, without DJL.
 *
 * <p>Stability: internal; the gate tells what it works out.
 */
@NullMarked
package dev.bonsai.statistics;

import org.jspecify.annotations.NullMarked;
