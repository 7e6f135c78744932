package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
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
    public List<EncodedWeight> run(ImportedModel model, ConformanceCase.DataSet data) {
        Tensor[] inputs = data.inputs().stream().map(Tensor::of).toArray(Tensor[]::new);
        return PlainModel.of(model.graph(), model.weights()).run(inputs).stream()
                .map(Tensor::encode)
                .toList();
    }
}
