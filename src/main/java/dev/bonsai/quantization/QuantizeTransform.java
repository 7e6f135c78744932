package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.format.EncodedWeight;
import dev.bonsai.format.GridWeight;
import dev.bonsai.format.ScaleLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts a weight on a grid that is worked out anew from the weight at every pass. */
final class QuantizeTransform implements WeightTransform {

    private final AffineQuantizer quantizer;
    private final Groups groups;
    private final List<RangeEstimator> estimators;
    private final List<Rounder> rounders;
    private final ErrorCorrection correction;

    QuantizeTransform(
            AffineQuantizer quantizer,
            ScaleLayout layout,
            List<RangeEstimator> estimators,
            List<Rounder> rounders,
            ErrorCorrection correction) {
        this.quantizer = quantizer;
        this.groups = new Groups(layout);
        this.estimators = List.copyOf(estimators);
        this.rounders = List.copyOf(rounders);
        this.correction = correction;
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        List<NDArray> matrices = new ArrayList<>();
        for (Part part : quantize(weight.stopGradient(), pass.mode())) {
            matrices.add(quantizer.dequantized(part.centred, part.grid));
        }
        return StraightThrough.of(groups.join(matrices, weight.getShape()), weight);
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        Shape shape = new Shape(Arrays.stream(weight.shape()).asLongStream().toArray());
        NDArray values = manager.create(weight.decode(), shape);
        List<NDArray> codes = new ArrayList<>();
        NDList scales = new NDList();
        NDList zeroPoints = new NDList();
        for (Part part : quantize(values, ForwardPass.Mode.INFERENCE)) {
            NDArray scale = part.grid.scale();
            NDArray zero =
                    part.grid.zeroPoint() == null ? scale.zerosLike() : part.grid.zeroPoint();
            NDArray exact = zero.toType(DataType.FLOAT64, false);
            codes.add(part.centred.toType(DataType.FLOAT64, false).add(exact));
            scales.add(scale);
            zeroPoints.add(exact);
        }
        return new GridWeight(
                weight.shape(),
                quantizer.bits(),
                groups.layout(),
                integers(groups.join(codes, shape)),
                groups.joinColumns(scales).toFloatArray(),
                integers(groups.joinColumns(zeroPoints)));
    }

    private static int[] integers(NDArray wholeNumbers) {
        return Arrays.stream(wholeNumbers.toDoubleArray()).mapToInt(x -> (int) x).toArray();
    }

    /** Codes, counted from the zero point, and the grid of some of the groups. */
    private record Part(NDArray centred, QuantizationParameters grid) {}

    private List<Part> quantize(NDArray weight, ForwardPass.Mode mode) {
        List<NDArray> matrices = groups.split(weight);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < matrices.size(); ++i) {
            parts.add(quantize(matrices.get(i), estimators.get(i), rounders.get(i), mode));
        }
        return parts;
    }

    private Part quantize(
            NDArray matrix, RangeEstimator estimator, Rounder rounder, ForwardPass.Mode mode) {
        QuantizationParameters grid = grid(matrix, estimator, mode);
        NDArray scaled = quantizer.scaled(matrix, grid);
        NDArray centred = rounder.round(scaled, mode);
        boolean inRange =
                estimator.coversAll()
                        && rounder.isNearest()
                        && quantizer.mapping() == Mapping.SYMMETRIC
                        && quantizer.bits() <= AffineQuantizer.MAX_SINGLE_PRECISION_BITS;
        if (!inRange) {
            centred = quantizer.clamped(centred, grid);
        }
        if (correction == ErrorCorrection.MEAN) {
            centred = MeanCorrection.apply(quantizer, scaled, centred, grid.zeroPoint());
        }
        return new Part(centred, grid);
    }

    private QuantizationParameters grid(
            NDArray matrix, RangeEstimator estimator, ForwardPass.Mode mode) {
        RangeEstimator.Range range = estimator.estimate(matrix, quantizer, mode);
        return quantizer.parameters(range.low(), range.high());
    }

    @Override
    public String toString() {
        return quantizer + " " + groups.layout();
    }
}
