package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Transpose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Products of matrices, and rows taken out of one. */
final class MatrixTranslations {

    private MatrixTranslations() {}

    static Map<String, Translation> table() {
        Map<String, Translation> table = new HashMap<>();
        for (String product : new String[] {"dot", "matMul", "batchMatMul"}) {
            table.put(
                    product,
                    Translation.one(
                            call -> call.node(Plain.MATMUL, call.self(), call.of(call.array(0)))));
        }
        table.put("linear", Translation.one(MatrixTranslations::linear));
        table.put(
                "embedding",
                Translation.one(
                        call ->
                                call.node(
                                        new Gather(0),
                                        call.of(call.array(1)),
                                        call.indices(call.array(0)))));
        return table;
    }

    /** x times the weight, whose rows are the outputs, plus the bias. */
    private static String linear(Call call) {
        NDArray input = call.array(0);
        String x = call.of(input);
        String weight = call.operand(1);
        if (input.getShape().dimension() == 2) {
            return call.has(2)
                    ? call.node(new Gemm(1, 1, false, true), x, weight, call.operand(2))
                    : call.node(new Gemm(1, 1, false, true), x, weight);
        }
        String columns = call.node(new Transpose(List.of(1, 0)), weight);
        String product = call.node(Plain.MATMUL, x, columns);
        return call.has(2) ? call.node(Binary.ADD, product, call.operand(2)) : product;
    }
}
