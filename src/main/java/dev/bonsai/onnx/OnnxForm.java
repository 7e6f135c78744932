package dev.bonsai.onnx;

/** In which numbers a file of ONNX computes. */
public enum OnnxForm {
    /** 32-bit floats throughout. */
    FLOAT32("32-bit floats"),
    /** Weights and activations on 8-bit grids that are fixed when the file is written. */
    STATIC_INT8("static int8"),
    /** Weights on 8-bit grids; those of the activations are found at each run. */
    DYNAMIC_INT8("dynamic int8"),
    /** Weights on 4-bit grids by block; activations are floats. */
    BLOCKS_4_BIT("4-bit blocks");

    private final String label;

    OnnxForm(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
