package dev.bonsai.kernel;

import dev.bonsai.checkpoint.CheckpointFolder;
import dev.bonsai.checkpoint.ResumableOptimizer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where and when a run is written down.
 *
 * @param folder where
 * @param everySteps after how many training steps, besides each epoch's end
 * @param optimizer the trainer's optimizer, where its state is to be written down too
 */
public record CheckpointSettings(
        CheckpointFolder folder, OptionalInt everySteps, Optional<ResumableOptimizer> optimizer) {}
