package dev.bonsai.trace;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.graph.GraphModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Each operator that is translated, in each of its forms, against the engine itself. */
public class TranslationsTest extends ManagerTestBase {

    /** Operators that blocks of the tests of whole networks use. */
    private static final Set<String> OF_BLOCKS =
            Set.of(
                    "linear",
                    "convolution",
                    "batchNorm",
                    "layerNorm",
                    "dropout",
                    "lstm",
                    "gru",
                    "rnn");

    private static Map<String, Function<NDArray, NDArray>> arithmetic() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        cases.put("add a number", x -> x.add(2));
        cases.put("add an array", x -> x.add(x));
        cases.put("sub", x -> x.sub(0.5));
        cases.put("mul by a row", x -> x.mul(x.getManager().create(new float[] {1, -2, 3, 4})));
        cases.put("div", x -> x.div(3));
        cases.put("div by an array", x -> x.div(x.add(1)));
        cases.put("pow", x -> x.pow(3));
        cases.put("mod", x -> x.mul(-7).mod(3));
        cases.put("mod of arrays", x -> x.mul(7).mod(x.add(1)));
        cases.put("rsub", x -> NDArrays.sub(1, x));
        cases.put("rdiv", x -> NDArrays.div(2, x.add(1)));
        cases.put("reciprocal", x -> NDArrays.div(1, x.add(1)));
        cases.put("reciprocal of integers", x -> NDArrays.div(1, integers(x).add(1)));
        cases.put("rpow", x -> NDArrays.pow(2, x));
        cases.put("maximum", x -> x.maximum(0.5).maximum(x.neg()));
        cases.put("minimum", x -> x.minimum(0.5).minimum(x.neg()));
        cases.put("in place", x -> x.add(1).addi(2).subi(0.5).muli(3).divi(2).powi(2).modi(2));
        cases.put("reversed in place", x -> NDArrays.subi(1, x.mul(2)).mul(x));
        cases.put("in place, seen by later uses", x -> sumAfterChange(x.mul(2)));
        cases.put("in place, on a constant", x -> x.zerosLike().addi(x).mul(x));
        cases.put("in place, on the input", x -> x.addi(x).mul(x));
        cases.put("signs", x -> x.sub(0.5).signi().negi().add(x.neg().sign()));
        cases.put("of integers", x -> x.mul(9).toType(DataType.INT32, false).add(2).mul(3));
        cases.put("of integers by floats", x -> integers(x).mul(0.5f));
        cases.put("quotient of integers", x -> integers(x).div(4));
        cases.put("of integers of two widths", x -> integers(x).add(shorts(x)));
        return cases;
    }

    private static NDArray sumAfterChange(NDArray x) {
        NDArray before = x.add(1);
        x.addi(5);
        return before.mul(x);
    }

    private static NDArray integers(NDArray x) {
        return x.mul(9).toType(DataType.INT64, false);
    }

    private static NDArray shorts(NDArray x) {
        return x.mul(9).toType(DataType.INT32, false);
    }

    private static Map<String, Function<NDArray, NDArray>> elements() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        Function<NDArray, NDArray> wide = x -> x.sub(0.5).mul(6);
        Map<String, Function<NDArray, NDArray>> plain = new LinkedHashMap<>();
        plain.put("relu", Activation::relu);
        plain.put("relu6", Activation::relu6);
        plain.put("sigmoid", Activation::sigmoid);
        plain.put("tanh", NDArray::tanh);
        plain.put("softPlus", Activation::softPlus);
        plain.put("softSign", Activation::softSign);
        plain.put("leakyRelu", x -> Activation.leakyRelu(x, 0.2f));
        plain.put("elu", x -> Activation.elu(x, 0.7f));
        plain.put("selu", Activation::selu);
        plain.put("gelu", Activation::gelu);
        plain.put("swish", x -> Activation.swish(x, 1).add(Activation.swish(x, 1.5f)));
        plain.put("mish", Activation::mish);
        plain.put("square", NDArray::square);
        plain.put("sqrt", x -> x.abs().sqrt());
        plain.put("exp", NDArray::exp);
        plain.put("log", x -> x.abs().add(0.1).log());
        plain.put("log2", x -> x.abs().add(0.1).log2());
        plain.put("log10", x -> x.abs().add(0.1).log10());
        plain.put("sin", NDArray::sin);
        plain.put("cos", NDArray::cos);
        plain.put("tan", x -> x.mul(0.2).tan());
        plain.put("floor", NDArray::floor);
        plain.put("ceil", NDArray::ceil);
        plain.put("round", NDArray::round);
        plain.put("trunc", NDArray::trunc);
        plain.put("erf", NDArray::erf);
        plain.put("clip", x -> x.clip(-1, 2));
        plain.put("softmax", x -> x.softmax(1).add(x.softmax(-1)));
        plain.put("logSoftmax", x -> x.logSoftmax(1).add(x.logSoftmax(-1)));
        plain.put("duplicate", x -> x.duplicate().add(x.stopGradient()));
        plain.put("toDevice", x -> x.toDevice(x.getDevice(), true));
        plain.put("a copy changed in place", x -> x.duplicate().addi(1).mul(x));
        plain.put("toType", x -> x.toType(DataType.FLOAT64, true).add(1));
        plain.put("sigmoid of integers", x -> Activation.sigmoid(integers(x)));
        plain.forEach((name, function) -> cases.put(name, wide.andThen(function)));
        return cases;
    }

    private static Map<String, Function<NDArray, NDArray>> comparisons() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        Map<String, Function<NDArray, NDArray>> truths = new LinkedHashMap<>();
        truths.put("eq", x -> integers(x).eq(3));
        truths.put("eq of types", x -> integers(x).eq(x.mul(9).floor()));
        truths.put("neq", x -> integers(x).neq(3).logicalXor(x.gt(0.3)));
        truths.put("gt", x -> x.gt(0.5));
        truths.put("gt of integers", x -> integers(x).gt(4.5));
        truths.put("gte", x -> x.gte(x.neg().add(1)));
        truths.put("lt", x -> x.lt(0.5).logicalAnd(x.gt(0.2)));
        truths.put("lte", x -> x.lte(0.5).logicalOr(x.gt(0.7)));
        truths.put("logicalNot", x -> x.lt(0.5).logicalNot());
        truths.put("isNaN", x -> x.sub(0.5).sqrt().isNaN());
        truths.forEach(
                (name, truth) ->
                        cases.put(
                                name, x -> truth.apply(x).toType(DataType.FLOAT32, false).mul(x)));
        cases.put("where", x -> NDArrays.where(x.gt(0.5), x, x.neg()));
        return cases;
    }

    private static Map<String, Function<NDArray, NDArray>> reductions() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        Map<String, Function<NDArray, NDArray>> all = new LinkedHashMap<>();
        all.put("sum", NDArray::sum);
        all.put("mean", NDArray::mean);
        all.put("max", NDArray::max);
        all.put("min", NDArray::min);
        all.put("prod", NDArray::prod);
        all.put("norm", NDArray::norm);
        all.put("argMax", NDArray::argMax);
        all.put("argMin", NDArray::argMin);
        cases.put("sum of an axis", x -> x.sum(new int[] {-1}));
        cases.put("mean of an axis", x -> x.mean(new int[] {1}, true));
        cases.put("max of an axis", x -> x.max(new int[] {2}));
        cases.put("min of an axis", x -> x.min(new int[] {-2}, false));
        cases.put("prod of an axis", x -> x.prod(new int[] {1}, true));
        cases.put("norm of axes", x -> x.norm(new int[] {1}, true));
        cases.put("norm of order 1", x -> x.norm(1, new int[] {-1}, false));
        cases.put("argMax of an axis", x -> x.argMax(-1));
        cases.put("argMin of an axis", x -> x.argMin(1));
        cases.put("sum of integers", x -> shorts(x).sum(new int[] {1}));
        cases.put("sum of truths", x -> x.gt(0.5).sum(new int[] {1}));
        cases.put("normalize", x -> x.normalize().add(x.normalize(1, 2)));
        all.forEach((name, function) -> cases.put(name + " of all", x -> x.mul(function.apply(x))));
        return cases;
    }

    private static Map<String, Function<NDArray, NDArray>> shapes() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        cases.put("reshape by the batch", x -> x.reshape(x.getShape().get(0), -1));
        cases.put("reshape with all sizes", x -> x.reshape(x.getShape().get(0), 2, 6));
        cases.put("reshape to rows", x -> x.reshape(-1, 4));
        cases.put("reshape of batch times length", x -> x.reshape(x.getShape().get(0) * 3, 4));
        cases.put("batch in a new place", x -> x.transpose().reshape(4, 3, x.size(0)));
        cases.put("flatten", NDArray::flatten);
        cases.put("flatten axes", x -> x.flatten(0, 1).add(x.flatten(-3, 1)));
        cases.put("flatten the last axes", x -> x.flatten(1, 2));
        cases.put("expandDims", x -> x.expandDims(1).add(x.expandDims(-1).mean(new int[] {3})));
        cases.put("squeeze", x -> x.expandDims(1).squeeze(1));
        cases.put("squeeze all", x -> x.expandDims(1).expandDims(0).squeeze());
        cases.put("squeeze none", x -> x.squeeze().mul(x));
        cases.put("squeeze axes", x -> x.expandDims(3).expandDims(0).squeeze(new int[] {0, 4}));
        cases.put("transpose", NDArray::transpose);
        cases.put("transpose by axes", x -> x.transpose(0, 2, 1));
        cases.put("swapAxes", x -> x.swapAxes(1, 2));
        cases.put("broadcast", x -> x.expandDims(1).broadcast(x.size(0), 5, 3, 4));
        cases.put("flip", x -> x.flip(2, 1));
        cases.put("pad", x -> x.pad(new Shape(1, 2, 0, 1), 0.5));
        cases.put("tile", x -> x.tile(new long[] {1, 2, 3}));
        cases.put("tile all", x -> x.tile(2));
        cases.put("repeat", x -> x.repeat(1, 2));
        return cases;
    }

    private static Map<String, Function<NDArray, NDArray>> parts() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        cases.put("concat", x -> NDArrays.concat(new NDList(x, x.neg(), x), 1));
        cases.put("concat of types", x -> x.concat(integers(x).toType(DataType.FLOAT32, false)));
        cases.put("stack", x -> NDArrays.stack(new NDList(x, x.neg()), 1));
        cases.put("stack in front", x -> x.stack(x.neg()));
        cases.put("split", x -> x.split(2, 2).get(1).add(x.split(2, 2).get(0)));
        cases.put("split at places", x -> x.split(new long[] {1, 3}, 2).get(1));
        cases.put("get a number", x -> x.get(0).sum().add(x.get(":, 1")));
        cases.put("get from the end", x -> x.get(":, -1, 2"));
        cases.put("get a slice", x -> x.get(":, 1:, :-1"));
        cases.put("get with steps", x -> x.get(":, ::2, {}:4:3", 1));
        cases.put("get with an ellipsis", x -> x.get("..., 1").add(x.get("..., 1:2").sum()));
        cases.put("get with an ellipsis between", x -> x.get("1:, ..., 2"));
        cases.put("get with null", x -> x.get(":, null, 1"));
        cases.put("get all but the last of the batch", x -> x.get("0:" + (x.size(0) - 1)));
        cases.put("get by an array", x -> x.get(":, {}", numbers(x, 2, 0, 1, 1)));
        cases.put(
                "get by an array of the pass",
                x -> x.get(new NDIndex(":, :, {}", x.get("0, 0").argMax().reshape(1))));
        cases.put("get the rows of an array", x -> x.get(numbers(x, 1, 0)));
        cases.put("getScalar", x -> x.mul(x.getScalar(1, 0, 2)));
        cases.put("take", x -> x.take(numbers(x, 3, 11, 0)));
        cases.put("gatherNd of rows", x -> x.gatherNd(numbers(x, 1, 0, 1).reshape(1, 3)));
        cases.put("embedding", TranslationsTest::embedded);
        return cases;
    }

    private static NDArray numbers(NDArray x, long... numbers) {
        return x.getManager().create(numbers);
    }

    private static NDArray embedded(NDArray x) {
        NDArray ids = x.mul(2.9).toType(DataType.INT64, false);
        return Embedding.embedding(
                        ids, x.get("0").softmax(0), ai.djl.ndarray.types.SparseFormat.DENSE)
                .head();
    }

    private static Map<String, Function<NDArray, NDArray>> products() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        cases.put("matMul", x -> x.matMul(x.transpose(0, 2, 1)));
        cases.put("batchMatMul", x -> x.batchMatMul(x.transpose(0, 2, 1)));
        cases.put("matMul by a constant", x -> x.matMul(x.getManager().ones(new Shape(4, 2))));
        cases.put("dot", x -> x.get("0, 0").dot(x.get("1, 1")).mul(x));
        cases.put("dot of matrices", x -> x.get(":, 0").dot(x.get("1").transpose()));
        return cases;
    }

    private static Map<String, Function<NDArray, NDArray>> pools() {
        Map<String, Function<NDArray, NDArray>> cases = new LinkedHashMap<>();
        Shape two = new Shape(2, 3);
        Shape stride = new Shape(2, 2);
        Shape none = new Shape(0, 0);
        for (boolean ceil : new boolean[] {false, true}) {
            for (Shape pad : new Shape[] {none, new Shape(1, 0)}) {
                String how = " of ceil " + ceil + " and pads " + pad;
                cases.put("maxPool" + how, x -> Pool.maxPool2d(x, two, stride, pad, ceil));
                for (boolean count : new boolean[] {false, true}) {
                    cases.put(
                            "avgPool" + how + " counted " + count,
                            x -> Pool.avgPool2d(x, two, stride, pad, ceil, count));
                }
            }
            cases.put(
                    "lpPool of ceil " + ceil,
                    x -> Pool.lpPool2d(x, 3, two, new Shape(1, 2), none, ceil));
        }
        cases.put("lpPool of 2", x -> Pool.lpPool2d(x, 2, two, stride, none, false));
        cases.put("interpolation of the nearest", x -> resized(x, 0, 5, 17));
        cases.put("interpolation, linear", x -> resized(x, 1, 9, 16));
        cases.put("interpolation, linear along an axis", x -> resized(x, 1, 7, 11));
        cases.put("globalMaxPool", x -> Pool.globalMaxPool2d(x));
        cases.put("globalAvgPool", x -> Pool.globalAvgPool2d(x));
        cases.put("globalLpPool", x -> Pool.globalLpPool2d(x, 3));
        return cases;
    }

    private static NDArray resized(NDArray x, int mode, long height, long width) {
        return x.getNDArrayInternal().interpolation(new long[] {height, width}, mode, true);
    }

    private static Map<String, Function<NDArray, NDArray>> ofRank3() {
        Map<String, Function<NDArray, NDArray>> all = new LinkedHashMap<>();
        Stream.of(
                        arithmetic(),
                        elements(),
                        comparisons(),
                        reductions(),
                        shapes(),
                        parts(),
                        products())
                .forEach(all::putAll);
        return all;
    }

    private record Case(String name, Shape shape, Function<NDArray, NDArray> function) {

        NDList apply(NDList inputs) {
            return new NDList(function.apply(inputs.head()));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Case> all() {
        List<Case> all = new ArrayList<>();
        ofRank3().forEach((name, f) -> all.add(new Case(name, new Shape(2, 3, 4), f)));
        pools().forEach((name, f) -> all.add(new Case(name, new Shape(2, 3, 7, 8), f)));
        return all;
    }

    @DataProvider
    Iterator<Object[]> cases() {
        return all().stream().map(one -> new Object[] {one}).iterator();
    }

    /** The tracer itself compares its graph with the block at other sizes. */
    @Test(dataProvider = "cases")
    void anOperatorIsTranslated(Case one) {
        LambdaBlock block = new LambdaBlock(one::apply);
        block.initialize(manager, DataType.FLOAT32, one.shape);
        GraphModel model = Tracer.trace(block, new NDList(manager.zeros(one.shape)));
        assertEquals(model.weights(), Map.of());
        assertEquals(
                model.graph().inputs().get(0).shape().get(0).toString(),
                FreeAxis.BATCH,
                "The batch is free");
        NDList inputs = new NDList(manager.randomUniform(0, 1, one.shape));
        Traces.assertRuntimeAgrees(model, block, inputs);
    }

    @Test
    void eachTranslationIsTested() {
        Set<String> seen = new TreeSet<>(OF_BLOCKS);
        for (Case one : all()) {
            OperatorWatch watch = new OperatorWatch(operator -> seen.add(operator.name()));
            NDArray input = manager.randomUniform(0, 1, one.shape);
            LambdaBlock block = new LambdaBlock(one::apply);
            block.forward(new ParameterStore(manager, false), watch.over(new NDList(input)), false);
        }
        Set<String> untested = Translations.names();
        untested.removeAll(seen);
        assertTrue(untested.isEmpty(), untested.toString());
        assertTrue(seen.containsAll(Arrays.asList("add", "maxPool")));
    }
}
