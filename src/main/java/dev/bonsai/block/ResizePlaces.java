package dev.bonsai.block;

import dev.bonsai.graph.operator.Resize;

/** Which places of an axis the elements of a resized axis stand for. */
final class ResizePlaces {

    private static final float HALF = 0.5f;

    private final Resize operator;
    private final int input;
    private final int size;
    private final float scale;
    private final float[] places;

    ResizePlaces(Resize operator, int input, Resize.Extent extent) {
        this.operator = operator;
        this.input = input;
        size = extent.size();
        scale = extent.scale();
        places = new float[size];
        for (int i = 0; i < size; ++i) {
            places[i] = place(i);
        }
    }

    int size() {
        return size;
    }

    /** Tells whether the axis stays as it is. */
    boolean isSame() {
        return size == input && scale == 1;
    }

    /** In floats, as other runtimes do it: at a place between two elements it matters. */
    private float place(int i) {
        return switch (operator.coordinates()) {
            case HALF_PIXEL -> halfPixel(i);
            case PYTORCH_HALF_PIXEL -> size > 1 ? halfPixel(i) : 0;
            case HALF_PIXEL_SYMMETRIC -> {
                float wanted = scale * input; // the size as it would be without rounding
                yield input / 2f * (1 - size / wanted) + (i + HALF) / scale - HALF;
            }
            case ALIGN_CORNERS -> size > 1 ? i * (input - 1f) / (size - 1f) : 0;
            case ASYMMETRIC -> i / scale;
        };
    }

    private float halfPixel(int i) {
        return (i + HALF) / scale - HALF;
    }

    /** Returns the index of the nearest element of each place. */
    long[] nearest() {
        long[] nearest = new long[size];
        for (int i = 0; i < size; ++i) {
            float place = places[i];
            double found =
                    switch (operator.nearest()) {
                        case ROUND_PREFER_FLOOR -> Math.ceil(place - HALF);
                        case ROUND_PREFER_CEIL -> Math.floor(place + HALF);
                        case FLOOR -> Math.floor(place);
                        case CEIL -> Math.ceil(place);
                    };
            nearest[i] = (long) Math.max(0, Math.min(input - 1.0, found));
        }
        return nearest;
    }

    /** Tells whether the nearest elements are those that PyTorch takes. */
    boolean isFloor() {
        long[] nearest = nearest();
        float step = (float) input / size;
        for (int i = 0; i < size; ++i) {
            if (nearest[i] != Math.min(input - 1, (long) (i * step))) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether the places are those of the engine, which blurs where it makes smaller. */
    boolean isHalfPixel() {
        return size >= input
                && Math.abs(scale * input - size) < 1e-6
                && switch (operator.coordinates()) {
                    case HALF_PIXEL, HALF_PIXEL_SYMMETRIC -> true;
                    case PYTORCH_HALF_PIXEL -> size > 1;
                    case ALIGN_CORNERS, ASYMMETRIC -> false;
                };
    }

    /** Returns a matrix of a row per place, which sums to 1. */
    float[] matrix() {
        float[] matrix = new float[size * input];
        for (int i = 0; i < size; ++i) {
            float place = Math.max(0, Math.min(input - 1f, places[i]));
            int low = (int) Math.floor(place);
            int high = Math.min(input - 1, low + 1);
            float part = place - low;
            matrix[i * input + low] += 1 - part;
            matrix[i * input + high] += part;
        }
        return matrix;
    }
}
