package dev.bonsai.runtime;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that a model takes or gives: numbers in row-major order with a type and a shape.
 *
 * <p>The array that a tensor is made of belongs to it from then on, and so does the one that {@link
 * #floats}, {@link #longs} or {@link #doubles} returns: neither must be changed, as several tensors
 * may share it. Then a tensor never changes, and any number of threads may use it.
 *
 * <pre>{@code
 * Tensor image = Tensor.of(new float[28 * 28], 1, 1, 28, 28);
 * }</pre>
 */
public final class Tensor {

    /** The most elements of a value that shapes may be computed from. */
    private static final int MOST_NUMBERS = 64;

    private final ElementType type;
    private final int[] shape;
    private final Object data;

    /** Takes arrays that nobody else changes: float[], double[] or long[] as the type needs it. */
    private Tensor(ElementType type, Object data, int[] shape) {
        this.type = type;
        this.data = data;
        this.shape = shape;
        if (Sizes.elements(shape) != length(data)) {
            throw new GraphException(
                    "A value of shape %s has %s elements, but got %s: give one number per element",
                    Arrays.toString(shape), Sizes.elements(shape), length(data));
        }
    }

    private static int length(Object data) {
        return data instanceof float[] floats
                ? floats.length
                : data instanceof long[] longs ? longs.length : ((double[]) data).length;
    }

    /**
     * Makes a value of 32-bit floats.
     *
     * @param values one number per element, in row-major order; the array belongs to the tensor
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value
     */
    public static Tensor of(float[] values, int... shape) {
        return new Tensor(ElementType.FLOAT32, values, shape.clone());
    }

    /**
     * Makes a value of 64-bit floats.
     *
     * @param values one number per element, in row-major order; the array belongs to the tensor
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value
     */
    public static Tensor of(double[] values, int... shape) {
        return new Tensor(ElementType.FLOAT64, values, shape.clone());
    }

    /**
     * Makes a value of 64-bit integers.
     *
     * @param values one number per element, in row-major order; the array belongs to the tensor
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value
     */
    public static Tensor of(long[] values, int... shape) {
        return new Tensor(ElementType.INT64, values, shape.clone());
    }

    /**
     * Makes a value of 32-bit integers.
     *
     * @param values one number per element, in row-major order; they are copied
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value
     */
    public static Tensor of(int[] values, int... shape) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; ++i) {
            wide[i] = values[i];
        }
        return new Tensor(ElementType.INT32, wide, shape.clone());
    }

    /**
     * Makes a value of booleans.
     *
     * @param values one per element, in row-major order; they are copied
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value
     */
    public static Tensor of(boolean[] values, int... shape) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; ++i) {
            wide[i] = values[i] ? 1 : 0;
        }
        return new Tensor(ElementType.BOOLEAN, wide, shape.clone());
    }

    /**
     * Makes a value of integers or booleans of any type.
     *
     * @param type the type, one of integers or booleans
     * @param values one number per element, in row-major order; the array belongs to the tensor
     * @param shape the shape, outermost dimension first; none for a scalar
     * @return the value; numbers that the type does not hold lose their upper bits
     */
    public static Tensor of(ElementType type, long[] values, int... shape) {
        if (Constants.isFloat(type)) {
            throw new GraphException(
                    "The type %s is not one of integers: give an array of floats", type);
        }
        Types.wrap(type, values);
        return new Tensor(type, values, shape.clone());
    }

    /**
     * Makes the value that a weight stands for.
     *
     * @param weight the weight
     * @return a value of its type and shape
     */
    public static Tensor of(EncodedWeight weight) {
        return new Tensor(Constants.type(weight), Types.decode(weight), weight.shape().clone());
    }

    /** Makes a value of floats of 32 or 16 bits; those of 16 are rounded in place. */
    static Tensor of(ElementType type, float[] values, int[] shape) {
        if (type == ElementType.FLOAT16) {
            Types.round(FloatFormat.FLOAT16, values);
        } else if (type == ElementType.BFLOAT16) {
            Types.round(FloatFormat.BFLOAT16, values);
        }
        return new Tensor(type, values, shape);
    }

    /** Makes a value of a result of a kernel: rounded or wrapped as the type needs it. */
    static Tensor of(ElementType type, Object data, int[] shape) {
        if (data instanceof float[] floats) {
            return of(type, floats, shape);
        }
        if (data instanceof long[] longs) {
            Types.wrap(type, longs);
        }
        return new Tensor(type, data, shape);
    }

    /** Returns the same elements in another shape. */
    Tensor withShape(int... other) {
        return new Tensor(type, data, other);
    }

    /**
     * Returns the type of the elements.
     *
     * @return the type
     */
    public ElementType type() {
        return type;
    }

    /**
     * Returns the shape.
     *
     * @return a new array, outermost dimension first
     */
    public int[] shape() {
        return shape.clone();
    }

    /** The shape itself, which must not be changed. */
    int[] dims() {
        return shape;
    }

    /** What is known of a value that is there: its type, shape, and the numbers of a short one. */
    ValueInfo info() {
        return shape.length <= 1 && size() <= MOST_NUMBERS
                ? ValueInfo.constant(encode())
                : ValueInfo.of(type, Shape.of(shape));
    }

    /** The array of the elements: float[], long[] or double[]. */
    Object data() {
        return data;
    }

    /**
     * Returns the number of dimensions.
     *
     * @return 0 for a scalar
     */
    public int rank() {
        return shape.length;
    }

    /**
     * Returns the number of elements.
     *
     * @return the product of the shape
     */
    public int size() {
        return length(data);
    }

    /**
     * Returns the elements of a value of floats of 32 or 16 bits.
     *
     * @return the array of the tensor, in row-major order; it must not be changed
     * @throws GraphException if the elements have another type
     */
    public float[] floats() {
        if (data instanceof float[] floats) {
            return floats;
        }
        throw wrongType("32-bit floats", "longs() or doubles()");
    }

    /**
     * Returns the elements of a value of 64-bit floats.
     *
     * @return the array of the tensor, in row-major order; it must not be changed
     * @throws GraphException if the elements have another type
     */
    public double[] doubles() {
        if (data instanceof double[] doubles) {
            return doubles;
        }
        throw wrongType("64-bit floats", "floats() or longs()");
    }

    /**
     * Returns the elements of a value of integers of any width, or of booleans as 0 and 1.
     *
     * @return the array of the tensor, in row-major order; it must not be changed
     * @throws GraphException if the elements have another type
     */
    public long[] longs() {
        if (data instanceof long[] longs) {
            return longs;
        }
        throw wrongType("integers", "floats() or doubles()");
    }

    /**
     * Returns the elements of a value of integers that fit into 32 bits.
     *
     * @return a new array, in row-major order
     * @throws GraphException if the elements have another type, or one is too large
     */
    public int[] ints() {
        long[] longs = longs();
        int[] narrow = new int[longs.length];
        for (int i = 0; i < narrow.length; ++i) {
            narrow[i] = (int) longs[i];
            if (narrow[i] != longs[i]) {
                throw new GraphException(
                        "The element %s does not fit into 32 bits: use longs()", longs[i]);
            }
        }
        return narrow;
    }

    private GraphException wrongType(String asked, String remedy) {
        return new GraphException(
                "The elements were asked for as %s, but are %s: use %s", asked, this, remedy);
    }

    /**
     * Returns the weight that stands for this value.
     *
     * @return a dense weight of 32-bit floats, or an exact one of any other type
     */
    public EncodedWeight encode() {
        return type == ElementType.FLOAT32
                ? new DenseWeight(shape, floats())
                : Types.exact(type, data, shape);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tensor that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && Arrays.deepEquals(new Object[] {data}, new Object[] {that.data});
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.deepHashCode(new Object[] {shape, data});
    }

    /** The type and the shape. */
    @Override
    public String toString() {
        return ValueInfo.of(type, Shape.of(shape)).toString();
    }
}
