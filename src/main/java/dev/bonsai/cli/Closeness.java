package dev.bonsai.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.evaluator.Evaluator;
import dev.bonsai.core.Tensors;
import java.util.HashMap;
import java.util.Map;

/**
 * How close the outputs are to those of the labels: the part of the signal in signal and noise, 1
 * where they are equal.
 */
final class Closeness extends Evaluator {

    /** The largest drop from 1. */
    static final float FARTHEST = 1;

    private final Map<String, OutputGap> gaps = new HashMap<>();

    Closeness() {
        super("Closeness");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        throw new UnsupportedOperationException("Outputs are added up: ask for the accumulator");
    }

    @Override
    public void addAccumulator(String key) {
        resetAccumulator(key);
    }

    @Override
    public void updateAccumulator(String key, NDList labels, NDList predictions) {
        for (int i = 0; i < labels.size(); ++i) {
            NDArray expected = labels.get(i);
            NDArray given = predictions.get(i);
            if (expected.getDataType().isFloating()) {
                gaps.get(key).add(Tensors.doubles(expected), Tensors.doubles(given));
            } else {
                gaps.get(key).addWholes(longs(expected), longs(given));
            }
        }
    }

    private static long[] longs(NDArray array) {
        try (NDArray wide = array.toType(DataType.INT64, true)) {
            return wide.toLongArray();
        }
    }

    @Override
    public void resetAccumulator(String key) {
        gaps.put(key, new OutputGap());
    }

    @Override
    public float getAccumulator(String key) {
        return (float) gaps.get(key).closeness();
    }
}
