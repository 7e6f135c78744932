/**
 * Event files for TensorBoard: {@link dev.bonsai.tensorboard.TensorBoardListener} writes losses,
 * metrics and histograms of a training, and what a compression makes of the model.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.tensorboard;

import org.jspecify.annotations.NullMarked;
