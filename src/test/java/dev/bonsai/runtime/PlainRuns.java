package dev.bonsai.runtime;

import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.List;

/** Runs a model with one arithmetic, for laws on bits. */
public final class PlainRuns {

    private PlainRuns() {}

    /**
     * Runs a model without the vector registers of the processor, in the order of sums that its
     * code tells.
     */
    public static float[] scalar(GraphModel model, Tensor... inputs) {
        List<Arithmetic> all = Arithmetic.all();
        Arithmetic plain = all.get(all.size() - 1); // the fastest stands first
        return PlainModel.of(model, plain).run(inputs).get(0).floats();
    }
}
