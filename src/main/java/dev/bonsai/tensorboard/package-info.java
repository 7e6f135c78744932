/**
 * Event files for TensorBoard: {@link dev.bonsai.tensorboard.TensorBoardListener} writes losses,
 * metrics and histograms of a training, and what a compression makes of the model.
 */
package dev.bonsai.tensorboard;
