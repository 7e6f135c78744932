package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.operator.Variadic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Normalisations, and dropout. */
final class NormalizationTranslations {

    private NormalizationTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        table.put("batchNorm", Translation.one(NormalizationTranslations::batchNorm));
        table.put("layerNorm", Translation.one(NormalizationTranslations::layerNorm));
        table.put("dropout", Translation.one(NormalizationTranslations::dropout));
        table.put("normalize", Translation.one(NormalizationTranslations::normalize));
        return table;
    }

    private static String batchNorm(Call call) {
        if (call.flag(8) || !call.has(1) || !call.has(2)) {
            throw new Untranslatable("the statistics of the batch itself");
        }
        NDArray input = call.array(0);
        int rank = input.getShape().dimension();
        int axis = call.integer(5) == -1 ? 1 : call.integer(5); // so does the engine
        List<Integer> order = swapped(rank, 1, axis);
        String x = call.of(input);
        String front = axis == 1 ? x : call.node(new Transpose(order), x);
        int channels = Math.toIntExact(input.getShape().get(axis));
        String normalized =
                call.node(
                        new BatchNormalization((float) call.real(7), (float) call.real(6)),
                        front,
                        orElse(call, 3, channels, 1),
                        orElse(call, 4, channels, 0),
                        call.operand(1),
                        call.operand(2));
        return axis == 1 ? normalized : call.node(new Transpose(order), normalized);
    }

    static List<Integer> swapped(int rank, int a, int b) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(order, a, b);
        return order;
    }

    private static String orElse(Call call, int argument, int channels, float standard) {
        if (call.has(argument)) {
            return call.operand(argument);
        }
        float[] values = new float[channels];
        Arrays.fill(values, standard);
        return call.constant(new DenseWeight(new int[] {channels}, values));
    }

    private static String layerNorm(Call call) {
        NDArray input = call.array(0);
        List<Integer> sizes = call.sizes(1);
        int first = -sizes.size();
        LayerNormalization operator = new LayerNormalization(first, (float) call.real(4));
        int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
        float[] ones = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.fill(ones, 1);
        String scale = call.has(2) ? call.operand(2) : call.constant(new DenseWeight(shape, ones));
        return call.has(3)
                ? call.node(operator, call.of(input), scale, call.operand(3))
                : call.node(operator, call.of(input), scale);
    }

    /** The rate does nothing here, and is kept for a training of the graph. */
    private static String dropout(Call call) {
        if (call.flag(2)) {
            throw new Untranslatable("training");
        }
        NDArray input = call.array(0);
        String x = call.of(input);
        return call.real(1) == 0
                ? x
                : call.node(Plain.DROPOUT, x, call.scalar(call.real(1), input.getDataType()));
    }

    /** x divided by its norm along an axis, or by a small number where that is larger. */
    private static String normalize(Call call) {
        double exponent = call.count() == 0 ? 2 : call.real(0);
        int axis = call.count() == 0 ? 1 : call.integer(1);
        double epsilon = call.has(2) ? call.real(2) : 1e-12;
        if (exponent != 1 && exponent != 2) {
            throw new Untranslatable("a norm of the exponent " + exponent);
        }
        Reduce.Kind kind = exponent == 1 ? Reduce.Kind.L1 : Reduce.Kind.L2;
        String norm = call.node(new Reduce(kind, List.of(axis), true, false), call.self());
        String least = call.scalar(epsilon, call.type());
        return call.node(Binary.DIV, call.self(), call.node(Variadic.MAX, norm, least));
    }
}
