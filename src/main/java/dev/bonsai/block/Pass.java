package dev.bonsai.block;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.ExecutionPlan.Step;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One forward pass. What it computes belongs to a manager of its own, but for the outputs. */
final class Pass {

    private final ExecutionPlan plan;
    private final List<Parameter> parameters;
    private final ParameterStore store;
    private final DeviceConstants constants;
    private final Device device;
    private final boolean training;
    private final boolean still;
    private final NDManager outer;
    private final NDManager manager;
    private final Value[] values;
    private final Map<Integer, UnaryOperator<NDArray>> changes;

    /**
     * @param plan the order of computation
     * @param parameters the parameter per weight of the graph
     * @param store what is asked for them
     * @param constants the constants of the graph on the device
     * @param device the device of the pass
     * @param training whether this is a training step
     * @param still whether statistics and dropout are as in inference all the same
     * @param outer the owner of the outputs
     */
    Pass(
            ExecutionPlan plan,
            List<Parameter> parameters,
            ParameterStore store,
            DeviceConstants constants,
            Device device,
            boolean training,
            boolean still,
            NDManager outer) {
        this(plan, parameters, store, constants, device, training, still, outer, Map.of());
    }

    /**
     * @param changes what is done to values, by their numbers
     */
    Pass(
            ExecutionPlan plan,
            List<Parameter> parameters,
            ParameterStore store,
            DeviceConstants constants,
            Device device,
            boolean training,
            boolean still,
            NDManager outer,
            Map<Integer, UnaryOperator<NDArray>> changes) {
        this.changes = changes;
        this.plan = plan;
        this.parameters = parameters;
        this.store = store;
        this.constants = constants;
        this.device = device;
        this.training = training;
        this.still = still;
        this.outer = outer;
        manager = outer.newSubManager(device);
        values = new Value[plan.slots()];
    }

    /** Tells whether dropout is active, and batch normalisation uses the batch. */
    boolean isTraining() {
        return training && !still;
    }

    NDManager manager() {
        return manager;
    }

    DeviceConstants constants() {
        return constants;
    }

    /** Computes the outputs, which belong to the owner of the inputs. */
    NDList run(NDList inputs) {
        try (manager) {
            for (int i = 0; i < inputs.size(); ++i) {
                values[i] = changed(i, Value.of(view(inputs.get(i))));
            }
            plan.unused().forEach(this::value); // a store is asked for every weight
            for (Step step : plan.steps()) {
                run(step);
            }
            return outputs();
        }
    }

    /** Returns an alias that belongs to the pass; gradients go through. */
    private NDArray view(NDArray array) {
        NDArray view = array.reshape(array.getShape());
        view.attach(manager);
        return view;
    }

    private Value value(int slot) {
        Value value = values[slot];
        if (value == null) {
            int constant = plan.constant(slot);
            if (constant >= 0) {
                value = constants.value(constant);
            } else {
                Parameter parameter = parameters.get(plan.weight(slot));
                NDArray array = store.getValue(parameter, device, training);
                value =
                        changes.containsKey(slot)
                                ? Value.of(changes.get(slot).apply(view(array)))
                                : Value.weight(array);
            }
            values[slot] = value;
        }
        return value;
    }

    private void run(Step step) {
        Value[] operands = new Value[step.operands().length];
        Arrays.setAll(operands, i -> step.operands()[i] < 0 ? null : value(step.operands()[i]));
        Value[] results = compute(step, operands);
        for (int i = 0; i < results.length; ++i) {
            int slot = i < step.results().length ? step.results()[i] : -1;
            if (slot >= 0) {
                values[slot] = changed(slot, own(results[i], operands));
            } else if (results[i] != null) {
                results[i].close();
            }
        }
        for (int slot : step.dying()) {
            Value dead = values[slot];
            values[slot] = null;
            if (dead != null) {
                dead.close();
            }
        }
    }

    private Value changed(int slot, Value value) {
        UnaryOperator<NDArray> change = changes.get(slot);
        if (change == null) {
            return value;
        }
        NDArray before = value.array(manager);
        NDArray after = change.apply(before);
        if (after != before) {
            value.close();
        }
        return Value.of(after);
    }

    private Value[] compute(Step step, Value[] operands) {
        try {
            Optional<Value[]> small = HostKernels.run(step.host(), operands, step.results().length);
            if (small.isPresent()) {
                return small.get();
            }
            Arguments arguments = new Arguments(this, operands, step.results().length);
            Value[] results = {};
            try {
                results = step.kernel().run(arguments);
            } finally {
                arguments.close(results);
            }
            return results;
        } catch (RuntimeException e) {
            throw failed(step.node(), operands, e);
        }
    }

    /** A result that is an operand, or the weight that it was, gets an owner of its own. */
    private Value own(Value result, Value[] operands) {
        for (Value operand : operands) {
            if (operand != null && operand != result && !result.isNumbers()) {
                NDArray array = result.array(manager);
                if (operand.is(array)) {
                    return Value.of(view(array));
                }
            }
        }
        return result;
    }

    private GraphException failed(Node node, Value[] operands, RuntimeException cause) {
        List<String> shapes =
                Arrays.stream(operands)
                        .map(v -> v == null ? "-" : String.valueOf(v.array(manager).getShape()))
                        .toList();
        return new GraphException(
                node + " can't be computed of the shapes " + shapes + ": " + cause.getMessage(),
                cause);
    }

    private NDList outputs() {
        NDList outputs = new NDList(plan.outputs().length);
        BitSet given = new BitSet();
        for (int slot : plan.outputs()) {
            Value value = value(slot);
            NDArray array = value.array(manager);
            if (!value.isOwned() || given.get(slot)) {
                array = array.duplicate();
            }
            array.attach(outer);
            outputs.add(array);
            given.set(slot);
        }
        return outputs;
    }
}
