package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.*;
import dev.bonsai.format.*;
import java.util.*;

/** Stub. */
public final class Quantization implements Technique {
    private final int bits;

    private Quantization(int bits) {
        this.bits = bits;
    }

    /** x. @return x */
    public static Builder builder() {
        return new Builder();
    }

    /** x. */
    public static final class Builder {
        int bits;

        /** x. @param b x @return x */
        public Builder setBits(int b) {
            bits = b;
            return this;
        }

        /** x. @return x */
        public Quantization build() {
            return new Quantization(bits);
        }
    }

    @Override
    public String getName() {
        return "quantization";
    }

    @Override
    public WeightSelector getSelector() {
        return WeightSelector.all();
    }

    @Override
    public Levels getLevels() {
        return Levels.of(32, new double[] {bits}, 1, l -> (int) l + " bits");
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal p) {
        Map<TargetWeight, WeightTransform> m = new HashMap<>();
        for (TargetWeight w : p.weights()) m.put(w, new T((int) level));
        return m;
    }

    private record T(int bits) implements WeightTransform {
        NDArray[] q(NDArray w) {
            NDArray x = w.stopGradient();
            long ch = x.getShape().get(0);
            NDArray flat = x.reshape(new Shape(ch, -1));
            NDArray s = flat.abs().max(new int[] {1}, true).div((1 << (bits - 1)) - 1);
            s = s.add(s.eq(0f).toType(s.getDataType(), false));
            return new NDArray[] {flat.div(s).round(), s};
        }

        @Override
        public NDArray apply(NDArray w, ForwardPass pass) {
            NDArray[] q = q(w);
            return StraightThrough.of(q[0].muli(q[1]).reshape(w.getShape()), w);
        }

        @Override
        public EncodedWeight encode(EncodedWeight e, NDManager m) {
            NDArray w =
                    m.create(
                            e.decode(),
                            new Shape(Arrays.stream(e.shape()).mapToLong(i -> i).toArray()));
            NDArray[] q = q(w);
            float[] c = q[0].toFloatArray();
            int[] codes = new int[c.length];
            for (int i = 0; i < c.length; ++i) codes[i] = (int) c[i];
            float[] s = q[1].toFloatArray();
            return new GridWeight(
                    e.shape(),
                    bits,
                    new ScaleLayout(s.length, c.length / s.length, c.length / s.length),
                    codes,
                    s,
                    new int[s.length]);
        }
    }
}
