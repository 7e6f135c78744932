package dev.bonsai.kernel;

import ai.djl.training.optimizer.Optimizer;
import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Warmup;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * What one listener was built with.
 *
 * @param techniques the techniques in order
 * @param gate judges them
 * @param warmup how long the model is trained before anything is tried
 * @param holdZeros whether zeros that weights come with stay zero
 * @param freshOptimizer makes an optimizer once weights have been taken back, given the training
 *     steps so far
 * @param continuation what the training goes on from
 * @param checkpoint where and when the run is written down
 * @param onTrial told each row of the gate's record
 * @param graph whether the block is traced when the training has ended
 */
public record Settings(
        List<Technique> techniques,
        Gate gate,
        Warmup warmup,
        HoldZeros holdZeros,
        Optional<IntFunction<Optimizer>> freshOptimizer,
        Optional<Continuation> continuation,
        Optional<CheckpointSettings> checkpoint,
        Optional<Consumer<Trial>> onTrial,
        boolean graph) {

    public Settings {
        techniques = List.copyOf(techniques);
    }
}
