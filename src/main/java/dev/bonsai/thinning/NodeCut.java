package dev.bonsai.thinning;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.thinning.Axis.Lane;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Nodes whose attributes or constants say how many channels there are, with the numbers that are
 * left.
 */
final class NodeCut {

    private final Flow flow;
    private final Kept kept;

    /** Constants of the thinner graph, old and new; those that are used no more go later. */
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();

    NodeCut(Flow flow, Kept kept) {
        this.flow = flow;
        this.kept = kept;
        flow.graph()
                .constants()
                .forEach(
                        (name, value) ->
                                constants.put(
                                        name,
                                        kept.isCut(name)
                                                ? WeightCut.of(value, kept.places(name))
                                                : value));
    }

    Map<String, EncodedWeight> constants() {
        return constants;
    }

    Node apply(Node node) {
        Step step = new Step(flow, node);
        Operator operator = node.operator();
        int shape = ShapeOperand.of(operator);
        if (shape >= 0) {
            return kept.isCut(node.output()) && step.has(shape) ? sized(step, shape) : node;
        }
        if (operator instanceof Split && kept.isCut(step.name(0))) {
            return split(step);
        }
        if (operator == Plain.SLICE && kept.isCut(step.name(0))) {
            return slice(step);
        }
        if (operator instanceof Gather gather && kept.isCut(step.name(0))) {
            return gather(step, gather);
        }
        return new Node(counted(step, operator), node.inputs(), node.outputs());
    }

    private Operator counted(Step step, Operator operator) {
        if (operator instanceof Conv conv && conv.group() > 1 && step.shape(1).get(1).is(1)) {
            return new Conv(conv.window(), channels(step, conv.group()));
        }
        if (operator instanceof ConvTranspose conv
                && ConvFlow.isDepthwise(conv.group(), step.shape(1).get(0).size())) {
            return new ConvTranspose(
                    conv.window(),
                    channels(step, conv.group()),
                    conv.outputPadding(),
                    conv.outputShape());
        }
        if (operator instanceof Recurrence own && step.axis(2, 2) instanceof Lane lane) {
            return new Recurrence(
                    own.kind(),
                    kept.count(lane),
                    own.direction(),
                    own.batchFirst(),
                    own.linearBeforeReset());
        }
        return operator;
    }

    private int channels(Step step, int all) {
        return step.axis(0, 1) instanceof Lane lane ? kept.count(lane) : all;
    }

    private Node sized(Step step, int operand) {
        List<Long> sizes = new ArrayList<>(ShapeOperand.of(step, operand).orElseThrow());
        List<Axis> axes = flow.axes(step.node().output()).orElseThrow();
        int offset = axes.size() - sizes.size(); // Expand names the last ones only
        for (int i = 0; i < sizes.size(); ++i) {
            int axis =
                    step.node().operator() instanceof Resize resize
                            ? resize.namedAxes(step.shape(0)).get(i)
                            : i + offset;
            if (axes.get(axis) instanceof Lane lane && sizes.get(i) > 1) {
                sizes.set(i, (long) kept.count(lane));
            }
        }
        return with(step, Map.of(operand, sizes));
    }

    private Node split(Step step) {
        int along = step.shape(0).axis(((Split) step.node().operator()).axis());
        if (!(step.axis(0, along) instanceof Lane lane)) {
            return step.node();
        }
        List<Long> sizes = new ArrayList<>();
        int from = 0;
        for (long size : PartFlow.splitSizes(step).orElseThrow()) {
            sizes.add((long) kept.count(lane, from, from + (int) size));
            from += (int) size;
        }
        boolean equal = sizes.equals(Split.equal(kept.count(lane), sizes.size()));
        return equal && !step.has(1) ? step.node() : with(step, Map.of(1, sizes));
    }

    private Node slice(Step step) {
        List<Long> starts = new ArrayList<>(step.integers(1).orElse(List.of()));
        List<Long> ends = new ArrayList<>(step.integers(2).orElse(List.of()));
        if (starts.isEmpty() || starts.size() != ends.size()) {
            return step.node(); // of free dimensions only
        }
        List<Long> axes =
                step.has(3) ? step.integers(3).orElseThrow() : PartFlow.range(starts.size());
        Shape shape = step.shape(0);
        boolean changed = false;
        for (int i = 0; i < axes.size(); ++i) {
            Axis axis = step.axis(0, shape.axis(axes.get(i)));
            if (kept.isCut(axis) && axis instanceof Lane lane) {
                Slice.Part part = Slice.Part.of(lane.size(), starts.get(i), ends.get(i), 1);
                int first = kept.count(lane, 0, part.start());
                int count = kept.count(lane, part.start(), part.start() + part.count());
                starts.set(i, (long) first);
                ends.set(i, (long) first + count);
                changed = true;
            }
        }
        return changed ? with(step, Map.of(1, starts, 2, ends)) : step.node();
    }

    private Node gather(Step step, Gather gather) {
        int along = step.shape(0).axis(gather.axis());
        if (!(step.axis(0, along) instanceof Lane lane) || !kept.isCut(lane)) {
            return step.node();
        }
        List<Long> picks = new ArrayList<>();
        for (long pick : step.integers(1).orElseThrow()) {
            int front = (int) (pick < 0 ? pick + lane.size() : pick);
            if (kept.isKept(lane.atoms()[front])) {
                picks.add((long) kept.count(lane, 0, front));
            }
        }
        return with(step, Map.of(1, picks));
    }

    /** The node with lists of integers, of the type that they had, in the place of operands. */
    private Node with(Step step, Map<Integer, List<Long>> lists) {
        List<String> inputs = new ArrayList<>(step.node().inputs());
        for (int operand : lists.keySet().stream().sorted().toList()) {
            List<Long> numbers = lists.get(operand);
            while (inputs.size() <= operand) {
                inputs.add(Node.ABSENT);
            }
            boolean narrow =
                    step.has(operand) && flow.value(step.name(operand)).type() == ElementType.INT32;
            inputs.set(operand, named(inputs.get(operand), integers(numbers, narrow), step.node()));
        }
        return new Node(step.node().operator(), inputs, step.node().outputs());
    }

    private static EncodedWeight integers(List<Long> numbers, boolean narrow) {
        if (!narrow) {
            return Constants.integers(numbers.stream().mapToLong(Long::longValue).toArray());
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(number -> bytes.putInt(number.intValue()));
        return new ExactWeight(new int[] {numbers.size()}, ElementType.INT32, bytes.array());
    }

    /** A constant that has its old name where nobody else uses that. */
    private String named(String old, EncodedWeight value, Node user) {
        if (value.equals(constants.get(old))) {
            return old;
        }
        long uses =
                flow.graph().nodes().stream()
                        .flatMap(node -> node.inputs().stream())
                        .filter(old::equals)
                        .count();
        if (constants.containsKey(old) && uses == 1 && !flow.graph().outputs().contains(old)) {
            constants.put(old, value);
            return old;
        }
        String base = user.output() + "_sizes";
        String name = base;
        for (int i = 1; flow.isDefined(name) || constants.containsKey(name); ++i) {
            name = base + i;
        }
        constants.put(name, value);
        return name;
    }
}
