package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.core.InputSignal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.trace.Operator;
import dev.bonsai.trace.OperatorWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Measures the inputs that weights are multiplied with: in the first steps of an epoch, by one more
 * forward pass per batch, in inference mode and with the effective weights.
 */
final class InputMagnitudes {

    /** How many steps of an epoch are looked at. */
    static final int STEPS = 8;

    /** What is asked for, of the weight with an id. */
    private record Key(String id, InputSignal signal) {}

    /**
     * The sum of what an input tells.
     *
     * @param total one element per channel
     * @param count of how many inputs
     * @param axis the axis of the weight along which the channels lie
     */
    private record Sum(NDArray total, long count, int axis) {}

    private final Map<String, Set<InputSignal>> wanted = new HashMap<>();
    private final Map<Key, Sum> sums = new HashMap<>();

    /** What is told by an earlier epoch. */
    private final Set<Key> past = new HashSet<>();

    private final ModelWeights weights;
    private final Passes passes;
    private final NDManager manager;
    private RuntimeException failure;
    private int steps;
    private boolean seen;

    InputMagnitudes(ModelWeights weights, Passes passes, NDManager manager) {
        this.weights = weights;
        this.passes = passes;
        this.manager = manager;
    }

    void request(TargetWeight weight, InputSignal signal) {
        wanted.computeIfAbsent(weight.id(), id -> new LinkedHashSet<>()).add(signal);
    }

    /** Has the next input of each weight that is finite begin a new sum. */
    void endEpoch() {
        past.addAll(sums.keySet());
        failure = null;
        steps = 0;
        seen = false;
    }

    /** Looks at a batch if any weight asks for it; what goes wrong is told to who asks. */
    void record(Plan plan, BatchData batchData) {
        if (wanted.isEmpty() || steps >= STEPS || failure != null) {
            return;
        }
        seen = true;
        try (NDManager scratch = manager.newSubManager()) {
            NDList inputs = inputs(batchData, scratch);
            try (Pass pass = passes.begin(plan, weights.store(), inputs, false)) {
                new Look().forward(pass.store(), inputs);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Counts a step of the optimizer, if any batch was looked at since the last one. */
    void onStep() {
        steps += seen ? 1 : 0;
        seen = false;
    }

    private NDList inputs(BatchData batchData, NDManager scratch) {
        if (batchData == null || batchData.getBatch() == null) {
            throw new IllegalArgumentException(
                    "The training loop notified the listeners without the batch: give"
                            + " onTrainingBatch a new BatchData(batch, labels, predictions)");
        }
        NDList inputs = new NDList();
        for (NDArray array : batchData.getBatch().getData()) {
            NDArray alias = Tensors.alias(array, scratch);
            NDArray input = alias.toDevice(weights.device(), false);
            input.setName(array.getName());
            inputs.add(input);
        }
        return inputs;
    }

    /**
     * Returns what the inputs have told of each element of a weight.
     *
     * @param weight a weight of the shape (output channels, input channels in a group, kernel), or
     *     (input channels, output channels) if a product takes it so
     * @param owner the owner of the result
     * @return an array of the weight's shape, which may be a view
     * @throws IllegalStateException if no input of the weight was seen
     */
    NDArray get(TargetWeight weight, InputSignal signal, NDManager owner) {
        Sum sum = sums.get(new Key(weight.id(), signal));
        if (sum == null) {
            throw notSeen(weight);
        }
        NDArray alias = Tensors.alias(sum.total, owner);
        if (sum.axis == 0) {
            return alias.div(sum.count).reshape(-1, 1).broadcast(weight.shape());
        }
        long outputs = weight.shape().get(0);
        long inputs = weight.shape().get(1);
        long groups = alias.size() / inputs;
        long kernel = weight.size() / (outputs * inputs);
        return alias.div(sum.count)
                .reshape(groups, 1, inputs, 1)
                .broadcast(groups, outputs / groups, inputs, kernel)
                .reshape(weight.shape());
    }

    /**
     * What was seen of one weight's inputs, but for the array.
     *
     * @param weight the place of the weight
     * @param signal the place of the signal
     * @param count how many inputs were seen
     * @param axis the axis of the weight along which the channels lie
     * @param past whether they are of an earlier epoch
     */
    record Seen(int weight, int signal, long count, int axis, boolean past) {}

    /**
     * What was seen of all inputs, between two steps.
     *
     * @param steps the steps of this epoch that were looked at
     * @param sums what was seen, weight by weight
     * @param totals the sums themselves, one element per channel
     */
    record Memory(int steps, List<Seen> sums, List<StateArray> totals) {}

    /** Returns what was seen; the arrays are views. */
    Memory memory(List<TargetWeight> order, List<Signal> signals) {
        List<Seen> found = new ArrayList<>();
        List<StateArray> totals = new ArrayList<>();
        for (int i = 0; i < order.size(); ++i) {
            for (int j = 0; j < signals.size(); ++j) {
                Key key = key(order.get(i), signals.get(j));
                Sum sum = sums.get(key);
                if (sum != null) {
                    found.add(new Seen(i, j, sum.count, sum.axis, past.contains(key)));
                    totals.add(StateArray.of(sum.total));
                }
            }
        }
        return new Memory(steps, found, totals);
    }

    private static Key key(TargetWeight weight, Signal signal) {
        return new Key(weight.id(), signal instanceof InputSignal input ? input : null);
    }

    /** Goes on from what was seen before. */
    void resume(Memory memory, List<TargetWeight> order, List<Signal> signals) {
        steps = memory.steps;
        for (int i = 0; i < memory.sums.size(); ++i) {
            Seen one = memory.sums.get(i);
            Key key = key(order.get(one.weight), signals.get(one.signal));
            StateArray total = memory.totals.get(i);
            NDArray sum = total.toFloats(manager, new Shape(total.size()));
            sums.put(key, new Sum(sum, one.count, one.axis));
            if (one.past) {
                past.add(key);
            }
        }
    }

    private IllegalStateException notSeen(TargetWeight weight) {
        return new IllegalStateException(
                String.format(
                        Locale.ROOT,
                        "The technique ranks %s by its input, which was not seen in a forward"
                                + " pass%s. Seen is what linear and convolutional blocks, and products of"
                                + " matrices, multiply a weight with, not embeddings, recurrent and imported blocks, nor"
                                + " what follows an operator on a constant (write x.mul(constant)"
                                + " for constant.mul(x)). Exclude the weight with a WeightSelector,"
                                + " or rank it by a criterion that needs no input",
                        weight,
                        failure == null ? "" : ": " + failure),
                failure);
    }

    /** One forward pass that is looked at. */
    private final class Look {

        private final OperatorWatch watch = new OperatorWatch(this::look);
        private final WeightMatrices matrices = new WeightMatrices(watch);

        NDList forward(ParameterStore view, NDList inputs) {
            return weights.root().forward(watch.over(view), watch.over(inputs), false);
        }

        private void look(Operator seen) {
            switch (seen.name()) {
                case "convolution" ->
                        watch.parameterOf(array(seen, 1))
                                .ifPresent(weight -> add(weight, array(seen, 0), 1, 1));
                case "linear" -> multiply(array(seen, 0), array(seen, 1), 1);
                case "matMul", "batchMatMul", "dot" -> multiply(seen.receiver(), array(seen, 0), 0);
                default -> matrices.look(seen);
            }
        }

        private NDArray array(Operator seen, int argument) {
            return (NDArray) seen.arguments().get(argument);
        }

        /** Looks at the product of data and a matrix whose inputs lie along an axis. */
        private void multiply(NDArray input, NDArray matrix, int axis) {
            matrices.of(matrix)
                    .ifPresent(
                            found ->
                                    add(
                                            found.parameter(),
                                            input,
                                            input.getShape().dimension() - 1,
                                            found.turned() ? 1 - axis : axis));
        }

        private void add(Parameter weight, NDArray input, int channels, int axis) {
            String id = weight.getId();
            wanted.getOrDefault(id, Set.of())
                    .forEach(s -> add(new Key(id, s), input, channels, axis));
        }

        /** Adds an input whose channels lie along an axis, and along one of the weight. */
        private void add(Key key, NDArray input, int axis, int weightAxis) {
            Shape shape = input.getShape();
            long channels = shape.get(axis);
            try (NDManager scratch = input.getManager().newSubManager()) {
                NDArray total =
                        key.signal
                                .term(Tensors.alias(input, scratch))
                                .reshape(shape.slice(0, axis).size(), channels, -1)
                                .sum(new int[] {0, 2});
                if (!FiniteValues.areIn(total, scratch)) {
                    return; // the model has diverged
                }
                if (past.remove(key)) {
                    sums.remove(key).total.close();
                }
                Sum sum = sums.get(key);
                if (sum == null) {
                    total.attach(manager);
                    sums.put(key, new Sum(total, shape.size() / channels, weightAxis));
                } else if (sum.axis == weightAxis) { // a weight used both ways: as it was first
                    sum.total.addi(total);
                    long count = sum.count + shape.size() / channels;
                    sums.put(key, new Sum(sum.total, count, weightAxis));
                }
            }
        }
    }
}
