package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ElementMask;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.BitSet;
import java.util.Optional;

/** Sets all but the kept elements to zero. The weight must be finite. */
abstract class MaskTransform implements WeightTransform {

    private final ElementMask mask;
    private final double level;

    /**
     * Makes a mask.
     *
     * @param keep the row-major indices of the elements to keep, which must not be changed
     * @param level the level that the mask was cut for
     * @param shape the shape of the weight
     * @param type the type of the weight
     * @param manager the owner of the mask
     */
    MaskTransform(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        mask = new ElementMask(keep, shape, type, manager);
        this.level = level;
    }

    final BitSet keep() {
        return mask.keep();
    }

    final double level() {
        return level;
    }

    final ElementMask mask() {
        return mask;
    }

    /** Sets the removed elements of an array to zero in place. */
    public final void project(NDArray array) {
        mask.project(array);
    }

    @Override
    public final MaskState getState() {
        return new MaskState(keep(), level);
    }

    /** What is left is on the grid that it was on before. */
    @Override
    public final Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return pass.scales();
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        return Tensors.masked(weight, keep(), manager);
    }
}
