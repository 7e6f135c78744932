package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.List;

/** Runs an imported model in plain Java. */
final class PlainRuntime implements ConformanceConsumer {

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public List<EncodedWeight> run(GraphModel model, ConformanceCase.DataSet data) {
        Tensor[] inputs = data.inputs().stream().map(Tensor::of).toArray(Tensor[]::new);
        return PlainModel.of(model).run(inputs).stream().map(Tensor::encode).toList();
    }
}
