package dev.bonsai.recipe;

import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import dev.bonsai.core.NamedValue;
import dev.bonsai.distillation.DistillationLoss;
import java.util.Optional;
import java.util.function.Function;

/** What the training of a classifier minimises. */
public final class LossChoice extends NamedValue {

    private final Function<Optional<Block>, Loss> make;
    private final boolean taught;

    private LossChoice(
            boolean taught,
            Function<Optional<Block>, Loss> make,
            String factory,
            Object... arguments) {
        super(factory, arguments);
        this.taught = taught;
        this.make = make;
    }

    /**
     * Chooses the cross entropy of the labels.
     *
     * @return the choice
     */
    public static LossChoice crossEntropy() {
        return new LossChoice(false, teacher -> Loss.softmaxCrossEntropyLoss(), "crossEntropy");
    }

    /**
     * Chooses to learn from a teacher besides: from the dense network, unless another is given.
     *
     * @param temperature how much teacher and model are softened, greater than 0
     * @param weight what the teacher counts against the labels, in [0, 1]
     * @return the choice
     */
    public static LossChoice distillation(float temperature, float weight) {
        DistillationLoss.builder().optTemperature(temperature).optWeight(weight); // checks them
        return new LossChoice(
                true,
                teacher -> {
                    DistillationLoss.Builder loss =
                            DistillationLoss.builder()
                                    .optTemperature(temperature)
                                    .optWeight(weight);
                    teacher.ifPresent(loss::optTeacher);
                    return loss.build();
                },
                "distillation",
                temperature,
                weight);
    }

    /**
     * Tells whether the model learns from a teacher besides.
     *
     * @return false if labels are enough
     */
    public boolean isTaught() {
        return taught;
    }

    /**
     * Makes a loss, which serves one training.
     *
     * @param teacher what the model learns from where it is taught, if not from the model itself as
     *     it is when the training begins
     * @return a new loss
     */
    public Loss newLoss(Optional<Block> teacher) {
        return make.apply(teacher);
    }
}
