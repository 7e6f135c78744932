package dev.bonsai.distillation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import ai.djl.util.PairList;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the model, as it was at the baseline, or a block of the user's own makes of the inputs of a
 * training step, for a {@link DistillationLoss} to compare with.
 */
public final class Teacher implements AutoCloseable {

    private final Optional<DistillationLoss> pupil;
    private final Student student;
    private final NDManager manager;
    private Optional<Function<Parameter, NDArray>> memory;
    private Optional<NDArray> answer = Optional.empty();

    private Teacher(Optional<DistillationLoss> pupil, Student student, NDManager manager) {
        this.pupil = pupil;
        this.student = student;
        this.manager = manager;
        memory = pupil.flatMap(DistillationLoss::teacher).map(own -> own(student, manager));
    }

    private static Function<Parameter, NDArray> own(Student student, NDManager manager) {
        ParameterStore store = new ParameterStore(manager, false); // for copies on another device
        store.setParameterServer(null, new Device[] {student.device()});
        return parameter -> store.getValue(parameter, student.device(), false);
    }

    /**
     * Makes the teacher that a loss asks for.
     *
     * @param loss the trainer's loss; without use for a teacher there is one that does nothing
     * @param student the model that is trained
     * @param manager the owner of what is kept
     * @return the teacher
     * @throws IllegalArgumentException if there can't be one that is independent of the training
     */
    public static Teacher of(Loss loss, Student student, NDManager manager) {
        Optional<DistillationLoss> pupil =
                Optional.of(loss)
                        .filter(DistillationLoss.class::isInstance)
                        .map(DistillationLoss.class::cast)
                        .filter(DistillationLoss::isTaught);
        pupil.ifPresent(found -> check(found.teacher(), student));
        return new Teacher(pupil, student, manager);
    }

    private static void check(Optional<Block> own, Student student) {
        if (own.isEmpty() && !student.readsStore()) {
            throw new IllegalArgumentException(
                    "An imported block reads its own arrays, so that the model as it was before"
                            + " compression can't teach: load it once more and hand it to"
                            + " DistillationLoss.builder().optTeacher(block)");
        }
        List<TargetWeight> shared =
                own.map(TargetWeight::allOf).orElse(List.of()).stream()
                        .filter(student.parameters()::contains)
                        .filter(weight -> weight.parameter().requiresGradient())
                        .toList();
        if (!shared.isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The teacher shares %s with the model that is trained, and would change"
                                    + " with it: give it parameters of its own, or leave out"
                                    + " optTeacher to be taught by the model as it was",
                            shared));
        }
    }

    /** Has the model as it is now teach from here on; only the first time counts. */
    public void remember() {
        if (pupil.isPresent() && memory.isEmpty()) {
            memory = Optional.of(student.remember());
        }
    }

    /**
     * Answers to the inputs of a training step, outside any graph.
     *
     * @param root the model that is trained
     * @param inputs its inputs
     * @param params the further arguments of its pass
     * @param outputs its outputs
     */
    public void teach(Block root, NDList inputs, PairList<String, Object> params, NDList outputs) {
        if (pupil.isEmpty()) {
            return;
        }
        answer.ifPresent(NDArray::close);
        Block block = pupil.get().teacher().orElse(root);
        answer = memory.map(m -> answer(m, block, inputs, params, outputs));
        pupil.get().learn(outputs.head(), answer.orElse(null));
    }

    private NDArray answer(
            Function<Parameter, NDArray> remembered,
            Block block,
            NDList inputs,
            PairList<String, Object> params,
            NDList outputs) {
        try (NDManager pass = inputs.head().getManager().newSubManager()) {
            ParameterStore store =
                    new FixedParameterStore(pass, parameter -> named(remembered, parameter));
            NDList said = block.forward(store, Tensors.aliases(inputs, pass), false, params);
            if (said.size() != 1 || !Arrays.equals(said.getShapes(), outputs.getShapes())) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The teacher's outputs are %s and the model's %s, but distillation"
                                        + " compares one output of the same shape, of logits",
                                Arrays.toString(said.getShapes()),
                                Arrays.toString(outputs.getShapes())));
            }
            NDArray logits = said.head().stopGradient();
            logits.attach(manager);
            return logits;
        }
    }

    /** Ends the lessons; the arrays go with the manager. */
    @Override
    public void close() {
        pupil.ifPresent(DistillationLoss::dismiss);
    }

    private static NDArray named(Function<Parameter, NDArray> remembered, Parameter parameter) {
        NDArray value = remembered.apply(parameter);
        if (value == null) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The model's forward pass asks for a parameter '%s' that its"
                                    + " getParameters() does not name, so that it could not be"
                                    + " remembered for the teacher. Name it there, or hand a block"
                                    + " to DistillationLoss.builder().optTeacher(block)",
                            parameter.getName()));
        }
        return value;
    }
}
