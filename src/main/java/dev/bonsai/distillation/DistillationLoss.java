package dev.bonsai.distillation;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.loss.Loss;
import dev.bonsai.core.Tensors;
import java.util.Objects;
import java.util.Optional;

/**
 * Has the model learn from a teacher while it is compressed, by default from itself as it was
 * before: put it in the training config in place of the loss.
 *
 * <pre>{@code
 * config = new DefaultTrainingConfig(DistillationLoss.builder().optWeight(0.7f).build());
 * config.addTrainingListeners(CompressionListener.builder()
 *         .addTechnique(Pruning.builder().setTargetSparsity(0.95f).build())
 *         .build());
 * }</pre>
 *
 * <p>With the weight {@code w}, the temperature {@code T}, and the logits of the teacher and the
 * student, it is the mean over the batch of
 *
 * <pre>
 * (1 - w) * loss + w * T^2 * KL(softmax(teacher / T) || softmax(student / T))
 * </pre>
 *
 * <p>where the factor {@code T^2} keeps the size of the gradients. Hinton, Vinyals, Dean:
 * "Distilling the Knowledge in a Neural Network", <a
 * href="https://arxiv.org/abs/1503.02531">arXiv:1503.02531</a>.
 *
 * <p>The teacher is the model as it was when the gate measured the baseline, that is, dense;
 * whatever is pruned, rolled back or trained later does not change it. Until then, in the warm-up,
 * the loss is the plain one. A teacher of the user's own teaches from the first step on. The
 * teacher answers in inference mode, to the very inputs of the step, which takes a forward pass
 * more a step; the default teacher takes the memory of the weights once more.
 *
 * <p>In validation, and wherever else no gradient is asked for, it is the plain loss: there is no
 * teacher's answer to compare with. So the training loss that DJL reports contains the teacher's
 * part, and the validation loss does not.
 *
 * <p>The model gives one output, of logits: not yet a softmax. A {@link
 * dev.bonsai.CompressionListener} of the same trainer has the teacher answer; a training step
 * without one is an error, as is a step on anything but the model's own output of the last pass.
 */
public final class DistillationLoss extends Loss {

    /** What the student said last, and what the teacher did; null if it said nothing yet. */
    private record Lesson(NDArray student, NDArray teacher) {}

    private final Loss loss;
    private final float temperature;
    private final float weight;
    private final int classAxis;
    private final Optional<Block> teacher;
    private Lesson lesson;

    private DistillationLoss(Builder builder) {
        super("DistillationLoss");
        loss = builder.loss;
        temperature = builder.temperature;
        weight = builder.weight;
        classAxis = builder.classAxis;
        teacher = Optional.ofNullable(builder.teacher);
    }

    /**
     * Starts a loss.
     *
     * @return a builder with defaults for everything
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the teacher of the user's own. */
    Optional<Block> teacher() {
        return teacher;
    }

    /** Tells whether there is any use for a teacher. */
    boolean isTaught() {
        return weight > 0;
    }

    /**
     * Hands over what was said in a training pass; it counts until the next one.
     *
     * @param student the model's output
     * @param answer the teacher's, which the caller keeps and closes; null for none yet
     */
    void learn(NDArray student, NDArray answer) {
        lesson = new Lesson(student, answer);
    }

    /** Ends the lessons. */
    void dismiss() {
        lesson = null;
    }

    /** {@inheritDoc} */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        if (!isTaught()
                || (!isLesson(predictions)
                        && predictions.stream().noneMatch(DistillationLoss::learns))) {
            return loss.evaluate(labels, predictions);
        }
        check(predictions);
        if (lesson.teacher == null) {
            return loss.evaluate(labels, predictions);
        }
        NDArray taught = taught(predictions.head());
        if (weight == 1) { // the labels may be anything
            return taught;
        }
        NDArray plain = loss.evaluate(labels, predictions);
        try (taught;
                NDArray share = Tensors.constant(plain.getManager(), 1 - weight);
                NDArray own = plain.mul(share)) {
            return own.add(taught);
        }
    }

    private NDArray taught(NDArray student) {
        try (NDArray divergence = divergence(student);
                NDArray factor =
                        Tensors.constant(
                                student.getManager(), weight * temperature * temperature)) {
            return divergence.mul(factor);
        }
    }

    private boolean isLesson(NDList predictions) {
        return lesson != null && predictions.size() == 1 && predictions.head() == lesson.student;
    }

    /**
     * Tells whether an array is a part of a graph, so that a gradient can be asked for. DJL tells
     * of leaves only; but nothing else than a leaf, or an array outside, can be taken out.
     */
    private static boolean learns(NDArray array) {
        if (array.hasGradient()) {
            return true;
        }
        try {
            array.setRequiresGradient(false);
            return false;
        } catch (EngineException e) {
            return true;
        }
    }

    private void check(NDList predictions) {
        if (lesson == null) {
            throw new IllegalStateException(
                    "The DistillationLoss has no teacher in this training step: add a"
                            + " CompressionListener to the trainer's config, and make this the"
                            + " trainer's loss itself rather than a part of another loss: other"
                            + " losses go into DistillationLoss.builder().optLoss(...)");
        }
        if (!isLesson(predictions)) {
            throw new IllegalStateException(
                    "The DistillationLoss was given something else than the one output of the"
                            + " model's last training pass, to which the teacher answered. Hand it"
                            + " the result of trainer.forward(...) as it is, and before the next"
                            + " pass; work on the output belongs into the model's block");
        }
    }

    /** Returns the mean divergence of the student from the teacher, a part of the graph. */
    private NDArray divergence(NDArray student) {
        NDManager owner = student.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray said = student.reshape(student.getShape());
            said.attach(scratch);
            NDArray answer = lesson.teacher.stopGradient();
            answer.attach(scratch);
            NDArray divisor = Tensors.constant(scratch, temperature);
            NDArray logs = said.div(divisor).logSoftmax(classAxis);
            NDArray expected = answer.div(divisor).logSoftmax(classAxis);
            int axis = Math.floorMod(classAxis, student.getShape().dimension());
            // a class that the teacher rules out adds nothing: 0 times infinity would be NaN
            NDArray ruledOut = expected.isInfinite();
            NDArray zero = expected.zerosLike();
            NDArray gap =
                    NDArrays.where(ruledOut, zero, logs)
                            .neg()
                            .add(NDArrays.where(ruledOut, zero, expected));
            NDArray apart = gap.mul(expected.exp()).sum(new int[] {axis}).mean();
            apart.attach(owner);
            return apart;
        }
    }

    /** Collects the settings of a {@link DistillationLoss}. */
    public static final class Builder {

        private Loss loss = Loss.softmaxCrossEntropyLoss();
        private float temperature = 4;
        private float weight = 0.5f;
        private int classAxis = -1;
        private Block teacher;

        private Builder() {}

        /**
         * Sets the loss towards the labels (default: softmax cross-entropy).
         *
         * @param loss the loss
         * @return this builder
         */
        public Builder optLoss(Loss loss) {
            this.loss = Objects.requireNonNull(loss, "loss");
            return this;
        }

        /**
         * Sets by how much logits are divided (default 4): the higher, the more the small
         * probabilities count.
         *
         * @param temperature the temperature, finite and greater than 0
         * @return this builder
         */
        public Builder optTemperature(float temperature) {
            if (!(temperature > 0 && temperature < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "The temperature is finite and greater than 0, but got "
                                + temperature
                                + ": use 1 for the probabilities as they are, and 2 to 10 for"
                                + " softer ones");
            }
            this.temperature = temperature;
            return this;
        }

        /**
         * Sets the teacher's share (default 0.5).
         *
         * @param weight the share, in [0, 1]: 0 is the plain loss, 1 goes without labels once the
         *     teacher answers, from the baseline on
         * @return this builder
         */
        public Builder optWeight(float weight) {
            if (!(weight >= 0 && weight <= 1)) {
                throw new IllegalArgumentException(
                        "The teacher's share of the loss is in [0, 1], but got "
                                + weight
                                + ": use 0.5f for half labels, half teacher");
            }
            this.weight = weight;
            return this;
        }

        /**
         * Sets along which axis of the output the classes lie (default -1, the last).
         *
         * @param axis the axis; negative to count from the end. It is 1 for images that are
         *     classified pixel by pixel, of the shape (batch, classes, height, width)
         * @return this builder
         */
        public Builder optClassAxis(int axis) {
            classAxis = axis;
            return this;
        }

        /**
         * Sets a teacher of the user's own, such as a larger model, in place of the model as it was
         * before compression. It is never changed.
         *
         * @param teacher a trained block with inputs and outputs like the model's; it stays open
         *     while the model is trained, and its parameters are none of the model's
         * @return this builder
         */
        public Builder optTeacher(Block teacher) {
            if (!teacher.isInitialized()) {
                throw new IllegalArgumentException(
                        "The teacher has no parameters yet: load or train it first");
            }
            this.teacher = teacher;
            return this;
        }

        /**
         * Builds the loss.
         *
         * @return a loss for one trainer at a time
         */
        public DistillationLoss build() {
            return new DistillationLoss(this);
        }
    }
}
