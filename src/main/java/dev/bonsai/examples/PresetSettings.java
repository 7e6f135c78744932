package dev.bonsai.examples;

import dev.bonsai.core.HoldZeros;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Warmup;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.recipe.RecipeStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How one of the networks is trained and compressed when the user does not say otherwise.
 *
 * @param goal where the compression goes
 * @param course how it gets there
 * @param tolerance what it may cost
 */
record PresetSettings(Goal goal, Course course, Tolerance tolerance) {

    /** The images that the gate looks at at a time. */
    static final int EVALUATION_BATCH = 500;

    /**
     * Where a compression goes.
     *
     * @param preset what it aims at
     * @param sparsity the target sparsity over all weights; where channels are taken out the
     *     fraction of the parameters or multiply-adds that goes
     * @param bits the target bits of a weight
     * @param lambda what a bit may cost in squared steps; empty where codes are the nearest
     * @param thinned the weights that channels may be taken out of
     */
    record Goal(
            Preset preset,
            float sparsity,
            int bits,
            OptionalDouble lambda,
            WeightSelector thinned) {

        /** A goal in all weights, where codes are the nearest. */
        Goal(Preset preset, float sparsity, int bits) {
            this(preset, sparsity, bits, OptionalDouble.empty(), WeightSelector.all());
        }

        /** Returns the same goal with a price for bits. */
        Goal withLambda(double cost) {
            return new Goal(preset, sparsity, bits, OptionalDouble.of(cost), thinned);
        }

        /** Returns the same goal for channels of some weights. */
        Goal in(WeightSelector some) {
            return new Goal(preset, sparsity, bits, lambda, some);
        }

        /** In the order in which the gate tries them: what removes whole channels comes first. */
        private List<Technique> techniques(int steps) {
            List<Technique> techniques = new ArrayList<>();
            switch (preset) {
                case STANDARD -> {
                    techniques.add(
                            Pruning.builder()
                                    .setTargetSparsity(sparsity)
                                    .optSchedule(SparsitySchedule.cubic(steps))
                                    .build());
                    techniques.add(Quantization.builder().setBits(bits).build());
                }
                case SMALL, SMALLEST -> {
                    if (sparsity > 0) {
                        techniques.add(SmallFile.pruning(sparsity, steps));
                    }
                    techniques.add(SmallFile.quantization(bits).build());
                }
                case THIN, FAST -> {
                    techniques.add(thinning(steps));
                    if (bits < Float.SIZE) {
                        techniques.add(Quantization.builder().setBits(bits).build());
                    }
                }
            }
            lambda.ifPresent(cost -> techniques.add(SmallFile.rounding(preset, (float) cost)));
            return techniques;
        }

        private Technique thinning(int steps) {
            return Thinning.builder()
                    .optSelector(thinned)
                    .setSaving(
                            preset == Preset.THIN
                                    ? Saving.parameters(sparsity)
                                    : Saving.multiplyAdds(sparsity))
                    .optSchedule(SparsitySchedule.linear(steps))
                    .build();
        }
    }

    /**
     * How a compression gets to its goal.
     *
     * @param denseEpochs the epochs of the dense training
     * @param epochs the epochs of the compression
     * @param steps the steps of the pruning, or of the thinning
     * @param learningRate the learning rate that the compression begins with
     * @param recovery how the network is trained meanwhile
     */
    record Course(int denseEpochs, int epochs, int steps, float learningRate, Recovery recovery) {

        /** Returns the same course of another number of epochs. */
        Course of(int someEpochs) {
            return new Course(denseEpochs, someEpochs, steps, learningRate, recovery);
        }
    }

    /**
     * What a compression may cost.
     *
     * @param maxDrop how much in validation accuracy
     * @param confidence how sure it must be that it costs no more; empty for as measured
     */
    record Tolerance(float maxDrop, OptionalDouble confidence) {

        /** A tolerance by which accuracies are compared as they are measured. */
        Tolerance(float maxDrop) {
            this(maxDrop, OptionalDouble.empty());
        }
    }

    /** Returns the training that these settings stand for. */
    RecipeStage stage() {
        Gate.Builder gate =
                course.recovery()
                        .gate(
                                Gate.builder()
                                        .optMaxDrop(tolerance.maxDrop())
                                        .optBatchSize(EVALUATION_BATCH),
                                course.epochs());
        tolerance.confidence().ifPresent(gate::optConfidence);
        return new RecipeStage(
                goal.techniques(course.steps()),
                gate.getSettings(),
                Warmup.epochs(0),
                HoldZeros.AUTO,
                true,
                Optional.of(course.recovery().plan(course.epochs(), course.learningRate())));
    }
}
