package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.core.RotatingNoise;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Rounds a weight to a grid whose scales are taken from the weight at every pass; the gradient
 * passes as if it were the identity, also where the grid clips.
 */
final class GridTransform implements WeightTransform {

    /** Reads the states of estimators in their own arrays, as there is no pass of a model. */
    private static final ForwardPass AS_IT_IS =
            new ForwardPass() {
                @Override
                public Mode mode() {
                    return Mode.INFERENCE;
                }

                @Override
                public NDArray value(Parameter own) {
                    return own.getArray();
                }
            };

    private final GridPlan plan;
    private final AffineQuantizer quantizer;
    private final int position;
    private final GroupedElements cut;
    private final Guard minding;
    private final Optional<NativeGrid> grid;

    /** An array, as a number in its place costs more than the sum. */
    private final NDArray zero;

    private final AffineQuantizer.Numbers numbers;
    private final List<Part> parts = new ArrayList<>();

    /** What has to be done besides rounding. */
    private enum Guard {
        NOTHING,
        CLAMP,
        CLAMP_AND_ENDS,
        CLAMP_AND_MEAN;

        static Guard of(GridPlan plan) {
            AffineQuantizer quantizer = plan.quantizer();
            boolean symmetric = quantizer.mapping() == Mapping.SYMMETRIC;
            boolean free =
                    quantizer.scales() == Scales.FREE
                            && quantizer.scaleFormat() == FloatFormat.FLOAT32;
            if (plan.correction() == ErrorCorrection.MEAN) {
                return CLAMP_AND_MEAN;
            }
            if (!(symmetric && free) && !plan.rounding().equals(Rounding.nearestEven())) {
                return CLAMP_AND_ENDS;
            }
            // A symmetric grid over all values has no value beyond its ends. On a wide one the
            // rounding of the scale counts, as it does where it is coarse, and an affine one is
            // moved to have zero on it.
            return symmetric
                            && free
                            && plan.estimator().equals(RangeEstimator.minMax())
                            && quantizer.type() == DataType.FLOAT32
                    ? NOTHING
                    : CLAMP;
        }
    }

    /** What is kept for a piece of the weight. */
    private record Part(
            GroupedElements.Piece piece, RangeEstimator estimator, Rounding.Rounder rounder) {}

    /** A piece on the grid: whole numbers of steps from zero. */
    private record Snapped(NDArray steps, QuantizationParameters parameters) {}

    private GridTransform(GridPlan plan, int position, Shape shape, NDManager state) {
        this.plan = plan;
        this.position = position;
        quantizer = plan.quantizer();
        cut = new GroupedElements(shape, plan.granularity().layout(shape));
        minding = Guard.of(plan);
        grid = NativeGrid.of(plan, cut.layout());
        zero = Tensors.constant(state, 0);
        numbers = quantizer.numbers(state);
    }

    /**
     * Makes the transform of one weight.
     *
     * @param plan the options
     * @param value the weight at present
     * @param position the position of the weight in the model, for its random numbers
     * @param state the owner of what is kept
     */
    GridTransform(GridPlan plan, NDArray value, int position, NDManager state) {
        this(plan, position, value.getShape(), state);
        NDList pieces = cut.split(value.stopGradient().toType(DataType.FLOAT32, false));
        for (int i = 0; i < pieces.size(); ++i) {
            NDArray matrix = cut.pieces().get(i).matrix(pieces.get(i));
            add(plan.estimator().start(matrix, quantizer, state), 0, state);
        }
    }

    /**
     * Makes the transform again that has left a state.
     *
     * @param plan the options at the width of the state
     * @param shape the shape of the weight
     * @param from the state
     * @param state the owner of what is kept
     */
    static GridTransform restored(GridPlan plan, Shape shape, GridState from, NDManager state) {
        GridTransform grid = new GridTransform(plan, from.position(), shape, state);
        List<GroupedElements.Piece> pieces = grid.cut.pieces();
        if (from.estimators().size() != pieces.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the grid has %d range estimators, but got the state of %d: restore it"
                                    + " with the granularity that it was taken with",
                            pieces.size(),
                            from.estimators().size()));
        }
        for (int i = 0; i < pieces.size(); ++i) {
            float[] estimator = from.estimators().get(i);
            grid.add(
                    estimator.length == 0
                            ? plan.estimator()
                            : plan.estimator().restore(estimator, pieces.get(i).groups(), state),
                    from.rotations(),
                    state);
        }
        return grid;
    }

    /** Adds what is kept for the next piece. */
    private void add(RangeEstimator estimator, long rotations, NDManager state) {
        int i = parts.size();
        GroupedElements.Piece piece = cut.pieces().get(i);
        RotatingNoise.State stood = new RotatingNoise.State(2 * position + i, rotations);
        parts.add(
                new Part(
                        piece,
                        estimator,
                        plan.rounding().start(stood, quantizer.bits(), piece.shape(), state)));
    }

    @Override
    public List<Parameter> getParameters() {
        return parts.stream().flatMap(part -> part.estimator().getParameters().stream()).toList();
    }

    @Override
    public GridState getState() {
        List<float[]> estimators = new ArrayList<>();
        for (Part part : parts) {
            float[] numbers = part.estimator().getState();
            if (numbers.length == 0 && part.estimator() != plan.estimator()) {
                throw new UnsupportedOperationException(
                        String.format(
                                Locale.ROOT,
                                "The range estimator %s has started another, whose state can't be"
                                        + " written down: have that one override getState, and"
                                        + " itself restore, or train without checkpoints",
                                plan.estimator()));
            }
            estimators.add(numbers);
        }
        return new GridState(
                quantizer.bits(), position, parts.get(0).rounder().rotations(), estimators);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        Optional<NDArray> rounded = grid.flatMap(g -> inMemory(g, weight, pass));
        if (rounded.isPresent()) {
            return rounded.get();
        }
        NDArray node = weight.add(zero);
        NDArray values = node.stopGradient(); // the same memory, outside it
        if (minding == Guard.NOTHING
                && cut.layout().groupsPerRow() == 1
                && values.getDataType() == DataType.FLOAT32) {
            // Everything is done in the memory of the node, which is in the graph, with gradient 1.
            Snapped snapped = snap(parts.get(0), values, pass);
            snapped.steps().muli(snapped.parameters().scale());
            return node;
        }
        NDList effective = new NDList();
        for (Snapped snapped : snap(values, pass)) {
            NDArray value = snapped.steps().muli(snapped.parameters().scale());
            effective.add(value.toType(DataType.FLOAT32, false));
        }
        NDArray joined = cut.join(effective).toType(weight.getDataType(), false);
        return StraightThrough.of(joined, weight);
    }

    /** Rounds in plain Java, where the arrays are such that it can. */
    private Optional<NDArray> inMemory(NativeGrid grid, NDArray weight, ForwardPass pass) {
        Optional<NativeFloats> source = NativeFloats.of(weight);
        if (source.isEmpty()) {
            return Optional.empty();
        }
        // in the graph, with the gradient 1; its values are overwritten
        NDArray node =
                pass.workspace(weight)
                        .map(space -> space.addi(weight))
                        .orElseGet(() -> weight.add(zero));
        return NativeFloats.of(node)
                .map(
                        target -> {
                            grid.round(source.get(), target);
                            return node;
                        });
    }

    @Override
    public Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        if (quantizer.mapping() != Mapping.SYMMETRIC) {
            return Optional.empty();
        }
        try (NDManager scratch = weight.getManager().newSubManager()) {
            NDArray values = Tensors.alias(weight, scratch);
            NDList pieces = cut.split(values.toType(DataType.FLOAT32, false));
            NDList scales = new NDList();
            for (int i = 0; i < pieces.size(); ++i) {
                Part part = parts.get(i);
                scales.add(parameters(part, range(part, pieces.get(i), pass)).scale());
            }
            NDArray joined = cut.joinGroups(scales).toType(DataType.FLOAT32, false);
            return Optional.of(new WeightScales(cut.layout(), joined.toFloatArray()));
        }
    }

    private Range range(Part part, NDArray values, ForwardPass pass) {
        return part.estimator().estimate(part.piece().matrix(values), quantizer, pass);
    }

    private QuantizationParameters parameters(Part part, Range range) {
        return quantizer
                .parameters(range.low(), range.high(), numbers)
                .reshape(part.piece().scaleShape());
    }

    @Override
    public int bits(int given) {
        return quantizer.bits();
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        if (grid.isPresent()) {
            return grid.get().encode(weight, quantizer.bits(), cut.layout());
        }
        NDList codes = new NDList();
        NDList scales = new NDList();
        NDList zeroPoints = new NDList();
        for (Snapped snapped : snap(Tensors.decoded(manager, weight), AS_IT_IS)) {
            QuantizationParameters parameters = snapped.parameters();
            codes.add(snapped.steps().add(parameters.zeroPoint()));
            scales.add(parameters.scale());
            zeroPoints.add(parameters.zeroPoint());
        }
        int low = GridWeight.lowestCode(quantizer.bits());
        return new GridWeight(
                weight.shape(),
                quantizer.bits(),
                cut.layout(),
                Tensors.codes(cut.join(codes).toType(DataType.INT32, false), low, ~low),
                cut.joinGroups(scales).toType(DataType.FLOAT32, false).toFloatArray(),
                cut.joinGroups(zeroPoints).toType(DataType.INT32, false).toIntArray());
    }

    private List<Snapped> snap(NDArray values, ForwardPass pass) {
        NDList pieces = cut.split(values.toType(DataType.FLOAT32, false));
        List<Snapped> snapped = new ArrayList<>();
        for (int i = 0; i < pieces.size(); ++i) {
            snapped.add(snap(parts.get(i), pieces.get(i), pass));
        }
        return snapped;
    }

    /** Puts a piece on the grid; its memory is used up. */
    private Snapped snap(Part part, NDArray values, ForwardPass pass) {
        Range range = range(part, values, pass);
        QuantizationParameters parameters = parameters(part, range);
        NDArray steps = values.toType(quantizer.type(), false).divi(parameters.scale());
        if (minding == Guard.NOTHING) {
            part.rounder().round(steps, pass.mode());
            return new Snapped(steps, parameters);
        }
        NDArray exact = minding == Guard.CLAMP ? steps : steps.add(zero);
        part.rounder().round(steps, pass.mode());
        if (minding == Guard.CLAMP) {
            return new Snapped(quantizer.clamp(steps, parameters), parameters);
        }
        Range ends =
                new Range(
                        inSteps(range.low(), parameters.scale()),
                        inSteps(range.high(), parameters.scale()));
        if (minding == Guard.CLAMP_AND_ENDS) {
            steps = quantizer.clamp(withEnds(steps, exact, ends), parameters);
        } else {
            steps = corrected(exact, quantizer.clamp(steps, parameters), parameters, ends);
        }
        return new Snapped(steps, parameters);
    }

    private NDArray inSteps(NDArray value, NDArray scale) {
        return value.reshape(scale.getShape()).toType(quantizer.type(), false).div(scale);
    }

    /**
     * Rounds what lies at the ends of the range to the nearest, whatever the rounding: an affine
     * grid over the result, or one of coarse scales, would be another one if by chance none of it
     * were at the ends.
     */
    private static NDArray withEnds(NDArray steps, NDArray exact, Range ends) {
        NDArray inside = exact.gt(ends.low()).logicalAnd(exact.lt(ends.high()));
        return NDArrays.where(inside, steps, AffineQuantizer.round(exact.add(0)));
    }

    private NDArray corrected(
            NDArray exact, NDArray steps, QuantizationParameters parameters, Range ends) {
        float[] corrected = steps.toFloatArray();
        new MeanCorrection(exact.toFloatArray(), corrected)
                .correct(
                        new MeanCorrection.Bounds(
                                quantizer.lowestStep(parameters).toFloatArray(),
                                quantizer.highestStep(parameters).toFloatArray(),
                                ends.low().toFloatArray(),
                                ends.high().toFloatArray()));
        return Tensors.constant(steps.getManager(), corrected, steps.getShape());
    }
}
