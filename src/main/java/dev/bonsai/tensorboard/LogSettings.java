package dev.bonsai.tensorboard;

import ai.djl.training.tracker.Tracker;
import dev.bonsai.CompressionListener;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is written, and where.
 *
 * @param folder the folder of the event file
 * @param interval how often losses and metrics are written
 * @param histogramsEvery every how many epochs there are histograms; empty for none
 * @param compression whose progress is written too
 * @param learningRate tells the learning rate at a step
 */
record LogSettings(
        Path folder,
        Interval interval,
        OptionalInt histogramsEvery,
        Optional<CompressionListener> compression,
        Optional<Tracker> learningRate) {}
