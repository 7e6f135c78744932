package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes what one forward pass does as a graph for the very sizes of that pass. */
final class Recording implements OperatorWatch.Watcher, Call.Known {

    /** Operators of which the result depends on the shape of the operand only. */
    private static final Set<String> OF_SHAPE = Set.of("zerosLike", "onesLike", "multiBoxPrior");

    /** Operators that change their receiver. */
    private static final Set<String> IN_PLACE =
            Set.of(
                    "addi",
                    "subi",
                    "muli",
                    "divi",
                    "modi",
                    "powi",
                    "signi",
                    "negi",
                    "rdivi",
                    "rsubi",
                    "rmodi",
                    "rpowi",
                    "set",
                    "setScalar",
                    "intern");

    /** Operators of which the result may lie in the memory of the receiver. */
    private static final Set<String> VIEWS =
            Set.of(
                    "reshape",
                    "get",
                    "transpose",
                    "swapAxes",
                    "expandDims",
                    "squeeze",
                    "flatten",
                    "broadcast",
                    "split",
                    "stopGradient");

    private final Map<String, String> paths;
    private final Draft draft;
    private final OperatorWatch watch = new OperatorWatch((OperatorWatch.Watcher) this);
    private final IdentityHashMap<NDArray, Traced> traced = new IdentityHashMap<>();
    private final Map<String, Memory> parameters = new LinkedHashMap<>();
    private final Missing missing = new Missing();
    private final Map<String, Expected> expected = new LinkedHashMap<>();
    private Optional<TraceException> failure = Optional.empty();

    /** Whether the pass has ended. */
    private boolean over;

    /** The constant that an operator is about to change in place, as it was before. */
    private Optional<EncodedWeight> unchanged = Optional.empty();

    /** The memory that an array and its views share. */
    private static final class Memory {
        private final boolean ofParameter;
        private int changes;

        Memory(boolean ofParameter) {
            this.ofParameter = ofParameter;
        }
    }

    /**
     * What is known of an array.
     *
     * @param name the name of its value in the graph; empty for a constant
     * @param memory where it lies
     * @param changes how often the memory had been changed when the value was computed
     */
    private record Traced(Optional<String> name, Memory memory, int changes) {}

    /** What an operator has given. */
    private record Expected(String operator, ValueInfo info) {}

    /**
     * @param paths the path of each parameter by its id
     */
    Recording(Map<String, String> paths) {
        this.paths = paths;
        this.draft = new Draft(Set.copyOf(paths.values()));
    }

    OperatorWatch watch() {
        return watch;
    }

    void input(String name, NDArray array) {
        String own = draft.input(name, Tensors.elementType(array), Values.shape(array.getShape()));
        traced.put(array, new Traced(Optional.of(own), new Memory(false), 0));
    }

    /** Returns the graph of the pass. */
    Graph graph(NDList outputs) {
        failure.ifPresent(
                e -> {
                    throw new TraceException(e.getMessage(), e);
                });
        missing.check();
        List<String> names = new ArrayList<>();
        for (NDArray output : outputs) {
            names.add(name(output));
        }
        try {
            Graph graph = draft.graph(names);
            check(graph.values());
            return graph;
        } catch (GraphException e) {
            throw new TraceException("The graph of what was seen is wrong: " + e.getMessage(), e);
        }
    }

    private void check(Map<String, ValueInfo> values) {
        expected.forEach(
                (name, wanted) -> {
                    ValueInfo info = values.get(name);
                    boolean same =
                            info.type() == wanted.info().type()
                                    && info.shape().equals(wanted.info().shape());
                    if (!same) {
                        throw new TraceException(
                                wanted.operator()
                                        + " gave "
                                        + wanted.info()
                                        + ", but its nodes in the graph give "
                                        + info
                                        + ": this use of it can't be traced");
                    }
                });
    }

    /** Ends the pass: a block that has kept a watched array may use it from now on. */
    void end() {
        over = true;
        traced.clear();
    }

    @Override
    public void read(String method, NDArray receiver) {
        if (over || isConstant(receiver)) {
            return;
        }
        Caller caller = Caller.find();
        String message =
                Caller.plainReceiver()
                        .map(
                                operator ->
                                        operator
                                                + " was called on an array that is computed from"
                                                + " no input, with one that is ("
                                                + caller
                                                + "): the graph can't see it. Make the traced one"
                                                + " the receiver, x.mul(constant) in the place of"
                                                + " constant.mul(x)")
                        .orElseGet(
                                () ->
                                        method
                                                + " reads the values of an array ("
                                                + caller
                                                + "): a graph has no branches, and what depends on"
                                                + " these values would stand still. Say it by"
                                                + " operators, such as where");
        throw fail(message);
    }

    @Override
    public void before(String method, NDArray receiver) {
        if (over || !IN_PLACE.contains(method)) {
            return;
        }
        unchanged = isConstant(receiver) ? Optional.of(Values.of(receiver)) : Optional.empty();
        if (memory(receiver).map(memory -> memory.ofParameter).orElse(false)) {
            throw fail(
                    method
                            + " changes a parameter ("
                            + Caller.find()
                            + "): the graph's weights stand still. Use the operator that gives a"
                            + " new array");
        }
    }

    private TraceException fail(String message) {
        TraceException exception = new TraceException(message);
        failure = failure.or(() -> Optional.of(exception));
        return exception;
    }

    @Override
    public void seen(Operator operator) {
        boolean inPlace = IN_PLACE.contains(operator.name());
        if (over) {
            return;
        }
        if (operator.result() == operator.receiver() && !inPlace) {
            return;
        }
        List<NDArray> results = Call.arrays(operator.result());
        List<NDArray> operands = new ArrayList<>();
        if (!OF_SHAPE.contains(operator.name())) {
            operands.add(operator.receiver());
            Arguments.forEachArray(operator.arguments(), operands::add);
        }
        if (operands.stream().allMatch(this::isConstant)) {
            results.forEach(
                    result ->
                            traced.put(result, new Traced(Optional.empty(), new Memory(false), 0)));
            return;
        }
        if (inPlace && isConstant(operator.receiver())) {
            String name = draft.constant(unchanged.orElseThrow());
            traced.put(operator.receiver(), new Traced(Optional.of(name), new Memory(false), 0));
        }
        bind(operator, results, translated(operator, results.size()), inPlace);
    }

    private List<String> translated(Operator operator, int results) {
        Optional<Translation> translation = Translations.find(operator.name());
        try {
            if (translation.isPresent()) {
                return translation.get().of(new Call(operator, draft, this));
            }
            missing.add(operator.name(), Caller.find());
        } catch (Untranslatable e) {
            missing.add(operator.name() + " of " + e.getMessage(), Caller.find());
        } catch (GraphException e) {
            missing.add(operator.name() + " (" + e.getMessage() + ")", Caller.find());
        }
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < results; ++i) {
            unknown.add(draft.fresh("unknown"));
        }
        return unknown;
    }

    private void bind(
            Operator operator, List<NDArray> results, List<String> names, boolean inPlace) {
        Memory memory = new Memory(false);
        if (inPlace || VIEWS.contains(operator.name())) {
            memory = memory(operator.receiver()).orElse(memory);
        }
        if (inPlace) {
            ++memory.changes;
        }
        for (int i = 0; i < results.size(); ++i) {
            NDArray result = results.get(i);
            String name = names.get(i);
            traced.put(result, new Traced(Optional.of(name), memory, memory.changes));
            expected.put(
                    name,
                    new Expected(
                            operator.name(),
                            ValueInfo.of(
                                    Values.type(result.getDataType()),
                                    Values.shape(result.getShape()))));
        }
    }

    private Optional<Memory> memory(NDArray array) {
        Traced known = traced.get(array);
        return known != null
                ? Optional.of(known.memory)
                : watch.parameterOf(array).map(this::memory);
    }

    private Memory memory(Parameter parameter) {
        return parameters.computeIfAbsent(path(parameter), path -> new Memory(true));
    }

    private String path(Parameter parameter) {
        String path = paths.get(parameter.getId());
        if (path == null) {
            throw fail(
                    "The block asks for the parameter "
                            + parameter.getName()
                            + ", which is none of its own ("
                            + Caller.find()
                            + "): register it with addParameter or its block with addChildBlock");
        }
        return path;
    }

    @Override
    public boolean isConstant(NDArray array) {
        Traced known = traced.get(array);
        return known == null ? watch.parameterOf(array).isEmpty() : known.name.isEmpty();
    }

    @Override
    public String name(NDArray array) {
        Traced known = traced.get(array);
        if (known != null && known.name.isPresent()) {
            if (known.changes != known.memory.changes) {
                throw fail(
                        "An array is used after its memory was changed through a view of it ("
                                + Caller.find()
                                + "): use the operators that give a new array, add and not addi");
            }
            return known.name.get();
        }
        Optional<Parameter> parameter = known == null ? watch.parameterOf(array) : Optional.empty();
        return parameter.isPresent()
                ? draft.weight(
                        path(parameter.get()),
                        Tensors.elementType(array),
                        Shape.of(array.getShape().getShape()))
                : draft.constant(Values.of(array));
    }
}
