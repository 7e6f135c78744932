package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ExecutionOrder;
import dev.bonsai.core.TargetWeight;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, by one forward pass, which weights a block applies first to its inputs and which last
 * before its outputs, whatever the order in which it registers them.
 *
 * <p>A weight is applied where an operator joins it, or what was computed from it alone, with
 * something computed from an input. It is a first one if no other weight has been applied to that
 * before. It is a last one if no other weight is applied to the result, or if it is the latest
 * applied one that an output depends on. Where one operator takes several weights, as that of an
 * LSTM does, they count as applied one after the other.
 *
 * <pre>{@code
 * NDManager manager = model.getNDManager();
 * NDList inputs = new NDList(manager.create(new float[1][784]));
 * Optional<ExecutionOrder> order =
 *         WeightOrder.of(model.getBlock(), new ParameterStore(manager, false), inputs);
 * }</pre>
 */
public final class WeightOrder {

    private static final Logger LOGGER = LoggerFactory.getLogger(WeightOrder.class);

    /** Operators of which the result depends on the shape of the operand only. */
    private static final Set<String> OF_SHAPE = Set.of("zerosLike", "onesLike", "multiBoxPrior");

    private static final Origin CONSTANT = new Origin(false, Set.of(), new BitSet());

    private final OperatorWatch watch = new OperatorWatch(this::look);
    private final IdentityHashMap<NDArray, Origin> origins = new IdentityHashMap<>();
    private final List<Application> applications = new ArrayList<>();
    private final Map<String, TargetWeight> weights = new HashMap<>();
    private final Set<TargetWeight> asked = new HashSet<>();

    /**
     * What an array was computed from.
     *
     * @param data whether an input is part of it
     * @param weights the weights that it was computed from, if no input is part of it
     * @param applied the applications that are part of it, by their numbers
     */
    private record Origin(boolean data, Set<TargetWeight> weights, BitSet applied) {}

    /**
     * A weight that was joined with data.
     *
     * @param weight the weight
     * @param before the applications that the data had seen, by their numbers
     */
    private record Application(TargetWeight weight, BitSet before) {}

    private WeightOrder(Block block) {
        TargetWeight.allOf(block).stream()
                .filter(TargetWeight::isWeight)
                .forEach(weight -> weights.put(weight.id(), weight));
    }

    /**
     * Watches a pass in inference mode.
     *
     * @param block an initialised block
     * @param store what the block is to ask for its parameters
     * @param inputs the inputs, of any values that the block accepts; what the pass computes
     *     belongs to their manager and to that of what the store gives out
     * @return the order, or empty if it can't be seen: the block is an imported one, it hides an
     *     operator from an {@link OperatorWatch}, or it applies no weight
     */
    public static Optional<ExecutionOrder> of(Block block, ParameterStore store, NDList inputs) {
        WeightOrder order = new WeightOrder(block);
        try {
            return order.watched(block, store, inputs);
        } catch (RuntimeException e) { // an operator of the engine's that takes plain arrays only
            LOGGER.debug("The order of the weights of {} can't be seen", block, e);
            return Optional.empty();
        }
    }

    private Optional<ExecutionOrder> watched(Block block, ParameterStore store, NDList inputs) {
        inputs.forEach(input -> origins.put(input, new Origin(true, Set.of(), new BitSet())));
        NDList outputs =
                OperatorWatch.plain(block.forward(watch.over(store), watch.over(inputs), false));
        watch.parameters().stream()
                .map(parameter -> weights.get(parameter.getId()))
                .filter(weight -> weight != null)
                .forEach(asked::add);
        return order(outputs);
    }

    private Optional<ExecutionOrder> order(NDList outputs) {
        BitSet reached = new BitSet();
        Set<TargetWeight> last = new LinkedHashSet<>();
        for (NDArray output : outputs) {
            Origin origin = origins.get(output);
            if (origin == null) {
                return Optional.empty();
            }
            reached.or(origin.applied);
            if (!origin.applied.isEmpty()) {
                last.add(applications.get(origin.applied.length() - 1).weight);
            }
        }
        Set<TargetWeight> first = new LinkedHashSet<>();
        BitSet gone = new BitSet();
        reached.stream().forEach(i -> gone.or(applications.get(i).before));
        for (int i = reached.nextSetBit(0); i >= 0; i = reached.nextSetBit(i + 1)) {
            Application application = applications.get(i);
            asked.remove(application.weight);
            if (application.before.isEmpty()) {
                first.add(application.weight);
            }
            if (!gone.get(i)) {
                last.add(application.weight);
            }
        }
        return reached.isEmpty() || !asked.isEmpty()
                ? Optional.empty()
                : Optional.of(new ExecutionOrder(first, last));
    }

    private void look(Operator operator) {
        Origin result = CONSTANT;
        if (!OF_SHAPE.contains(operator.name())) {
            List<NDArray> operands = new ArrayList<>();
            operands.add(operator.receiver());
            Arguments.forEachArray(operator.arguments(), operands::add);
            result = joined(operands);
        }
        Origin origin = result;
        Arguments.forEachArray(operator.result(), array -> origins.put(array, origin));
    }

    private Origin joined(List<NDArray> operands) {
        boolean data = false;
        Set<TargetWeight> alone = new LinkedHashSet<>();
        BitSet applied = new BitSet();
        for (NDArray operand : operands) {
            Origin origin = originOf(operand);
            data |= origin.data;
            alone.addAll(origin.weights);
            applied.or(origin.applied);
        }
        if (!data) {
            return new Origin(false, alone, applied);
        }
        for (TargetWeight weight : alone) {
            applications.add(new Application(weight, (BitSet) applied.clone()));
            applied.set(applications.size() - 1);
        }
        return new Origin(true, Set.of(), applied);
    }

    private Origin originOf(NDArray operand) {
        Origin known = origins.get(operand);
        if (known != null) {
            return known;
        }
        return watch.parameterOf(operand)
                .map(parameter -> weights.get(parameter.getId()))
                .map(weight -> new Origin(false, Set.of(weight), new BitSet()))
                .orElse(CONSTANT);
    }
}
