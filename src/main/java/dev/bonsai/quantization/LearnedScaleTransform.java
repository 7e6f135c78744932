package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rounds a weight to a symmetric grid whose scales are trained, see {@link Scales#LEARNED}. */
final class LearnedScaleTransform implements WeightTransform {

    /** Far from what a gradient divided by the scale overflows at. */
    private static final float LEAST_SCALE = 0x1p-100f;

    private final AffineQuantizer quantizer;
    private final GroupedElements cut;
    private final float[] start;

    /** The logarithm of the scale over its start, one a group. */
    private final Parameter growth;

    /** A piece in steps: as it is, and on the grid. */
    private record Snapped(NDArray exact, NDArray steps, NDArray scale) {}

    /**
     * Makes the transform of one weight.
     *
     * @param plan the options
     * @param path the path of the weight
     * @param value the weight at present
     * @param state the owner of what is kept
     */
    LearnedScaleTransform(GridPlan plan, String path, NDArray value, NDManager state) {
        quantizer = plan.quantizer();
        cut = new GroupedElements(value.getShape(), plan.granularity().layout(value.getShape()));
        NDList pieces = cut.split(value.stopGradient().toType(DataType.FLOAT32, false));
        NDList scales = new NDList();
        for (int i = 0; i < pieces.size(); ++i) {
            NDArray matrix = cut.pieces().get(i).matrix(pieces.get(i));
            Range range = plan.estimator().estimate(matrix, quantizer, Mode.INFERENCE);
            scales.add(quantizer.parameters(range.low(), range.high()).scale());
        }
        start = cut.joinGroups(scales).toFloatArray();
        growth = Learned.parameter(name(path), state.zeros(new Shape(start.length)));
    }

    /**
     * Makes the transform again that has left a state.
     *
     * @param plan the options at the width of the state
     * @param weight the weight
     * @param from the state
     * @param state the owner of what is kept
     */
    LearnedScaleTransform(
            GridPlan plan, TargetWeight weight, LearnedScaleState from, NDManager state) {
        quantizer = plan.quantizer();
        cut = new GroupedElements(weight.shape(), plan.granularity().layout(weight.shape()));
        long groups = cut.pieces().stream().mapToLong(GroupedElements.Piece::groups).sum();
        if (from.start().length != groups) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the weight has %d groups, but got %d scales: restore it with the"
                                    + " granularity that it was taken with",
                            groups,
                            from.start().length));
        }
        start = from.start();
        growth =
                Learned.parameter(
                        name(weight.path()),
                        from.growth().toFloats(state, new Shape(start.length)));
    }

    private static String name(String path) {
        return path + "_scale";
    }

    @Override
    public LearnedScaleState getState() {
        return new LearnedScaleState(quantizer.bits(), start, Learned.values(growth));
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(growth);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        NDArray grown = pass.value(growth);
        List<Snapped> pieces = snap(weight, grown);
        NDList values = new NDList();
        for (Snapped piece : pieces) {
            values.add(piece.steps().mul(piece.scale()));
        }
        NDArray effective = cut.join(values);
        if (pass.mode() == Mode.TRAINING) {
            effective.addi(zeroOf(weight).mul(inside(pieces)));
            effective.addi(
                    slopes(pieces, zeroOf(Tensors.constant(weight.getManager(), 0).add(grown))));
        }
        return effective.toType(weight.getDataType(), false);
    }

    /** Returns zeros whose gradient towards an array is 1. */
    private static NDArray zeroOf(NDArray array) {
        return array.sub(array.stopGradient());
    }

    private List<Snapped> snap(NDArray weight, NDArray grown) {
        NDList values = cut.split(weight.stopGradient().toType(DataType.FLOAT32, false));
        float[] sizes = scales(grown);
        NDList scales =
                cut.splitGroups(
                        Tensors.constant(weight.getManager(), sizes, new Shape(sizes.length)));
        List<Snapped> pieces = new ArrayList<>();
        for (int i = 0; i < values.size(); ++i) {
            NDArray scale = scales.get(i).reshape(cut.pieces().get(i).scaleShape());
            NDArray exact = values.get(i).div(scale);
            NDArray rounded = AffineQuantizer.round(exact.add(0));
            NDArray steps = rounded.clip(quantizer.lowestCode(), quantizer.highestCode());
            pieces.add(new Snapped(exact, steps, scale));
        }
        return pieces;
    }

    /** In Java, so that every device has the same scales. */
    private float[] scales(NDArray grown) {
        float greatest = Float.MAX_VALUE / quantizer.highestCode();
        float[] scales = grown.toFloatArray();
        for (int i = 0; i < scales.length; ++i) {
            float scale = (float) (start[i] * StrictMath.exp(scales[i]));
            float bounded = Math.max(LEAST_SCALE, Math.min(greatest, scale));
            scales[i] = quantizer.scaleFormat().round(bounded);
        }
        return scales;
    }

    /** Returns 1 where the gradient passes to the weight, and 0 where it is clipped. */
    private NDArray inside(List<Snapped> pieces) {
        NDList inside = new NDList();
        for (Snapped piece : pieces) {
            NDArray kept = piece.exact().abs().lte(quantizer.highestCode());
            inside.add(kept.toType(DataType.FLOAT32, false));
        }
        return cut.join(inside);
    }

    /** Returns zeros whose gradient towards the scales is that of the paper. */
    private NDArray slopes(List<Snapped> pieces, NDArray zeros) {
        NDList zeroPieces = cut.splitGroups(zeros);
        NDList slopes = new NDList();
        for (int i = 0; i < pieces.size(); ++i) {
            Snapped piece = pieces.get(i);
            GroupedElements.Piece place = cut.pieces().get(i);
            double length = (double) place.shape().size() / place.groups();
            double gradientScale = 1 / Math.sqrt(length * quantizer.highestCode());
            NDArray within = piece.exact().abs().lt(quantizer.highestCode());
            NDArray slope = piece.steps().sub(piece.exact().mul(within));
            slope.divi(piece.scale()).muli(gradientScale);
            slopes.add(slope.mul(zeroPieces.get(i).reshape(place.scaleShape())));
        }
        return cut.join(slopes);
    }

    @Override
    public Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return Optional.of(new WeightScales(cut.layout(), scales(pass.value(growth))));
    }

    @Override
    public int bits(int given) {
        return quantizer.bits();
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        float[] values = weight.decode();
        float[] scales = scales(growth.getArray());
        int[] codes = new int[values.length];
        int greatest = quantizer.highestCode();
        for (int i = 0; i < codes.length; ++i) {
            double steps = Math.rint(values[i] / scales[cut.layout().groupOf(i)]);
            codes[i] = (int) Math.max(-greatest, Math.min(greatest, steps));
        }
        int[] zeroPoints = new int[scales.length];
        return new GridWeight(
                weight.shape(), quantizer.bits(), cut.layout(), codes, scales, zeroPoints);
    }
}
