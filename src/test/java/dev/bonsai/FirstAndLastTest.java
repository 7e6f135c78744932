package dev.bonsai;

import static org.testng.Assert.assertEquals;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.WeightReport;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** In a training, too, the first and the last weights are those of the forward pass. */
public class FirstAndLastTest extends ToyTestBase {

    private enum Kind {
        /** Each parameter has an array of its own. */
        OWN_ARRAYS,
        /** The parameter that is applied first has the array of another one. */
        SHARED_ARRAY,
        /** An operator on a constant hides the pass. */
        HIDDEN
    }

    /** Registers head, a, b, c and applies b, c, a, head. */
    private static final class Shuffled extends AbstractBlock {

        private final Kind kind;
        private final Parameter head = addParameter(weight("head", Toy.CLASSES));
        private final Parameter a = addParameter(weight("a", Toy.FEATURES));
        private final Parameter b;
        private final Parameter c;

        Shuffled(Kind kind) {
            this.kind = kind;
            // an array is set where no shape is
            b = addParameter(weight("b", kind == Kind.SHARED_ARRAY ? 0 : Toy.FEATURES));
            c = addParameter(weight("c", Toy.FEATURES));
        }

        private static Parameter weight(String name, int columns) {
            Parameter.Builder builder =
                    Parameter.builder().setName(name).setType(Parameter.Type.WEIGHT);
            if (columns > 0) {
                builder.optShape(new Shape(Toy.FEATURES, columns));
            }
            return builder.build();
        }

        @Override
        public void initialize(NDManager manager, DataType type, Shape... shapes) {
            a.initialize(manager, type);
            if (kind == Kind.SHARED_ARRAY && !b.isInitialized()) {
                b.setArray(a.getArray());
            }
            super.initialize(manager, type, shapes);
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            NDArray x = inputs.head();
            for (Parameter parameter : List.of(b, c, a, head)) {
                NDArray weight = store.getValue(parameter, x.getDevice(), training);
                if (kind == Kind.HIDDEN) {
                    NDArray ones = x.getManager().ones(x.getShape());
                    x = ones.mul(x);
                }
                x = x.dot(weight).getNDArrayInternal().relu();
            }
            return new NDList(x);
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return new Shape[] {new Shape(shapes[0].get(0), Toy.CLASSES)};
        }
    }

    @DataProvider
    Object[][] selected() {
        return new Object[][] {
            {Kind.OWN_ARRAYS, List.of("a", "c")},
            {Kind.SHARED_ARRAY, List.of("c")},
            {Kind.HIDDEN, List.of("a", "b")},
        };
    }

    @Test(dataProvider = "selected")
    public void aTrainingLeavesOutWhatThePassAppliesFirstAndLast(Kind kind, List<String> expected)
            throws Exception {
        try (Model model = Toy.model(new Shuffled(kind))) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Quantization.builder()
                                            .setBits(4)
                                            .optSelector(
                                                    WeightSelector.builder()
                                                            .excludeFirstAndLast()
                                                            .build())
                                            .build())
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 1, listener);
            assertEquals(
                    listener.getReport().weights().stream().map(WeightReport::path).toList(),
                    expected);
        }
    }
}
