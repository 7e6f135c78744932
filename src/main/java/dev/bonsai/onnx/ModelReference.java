package dev.bonsai.onnx;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.bonsai.core.EngineValues;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.Collection;
import java.util.List;

/** The model that a file is compared with. */
@FunctionalInterface
interface ModelReference {

    /** Runs the model on its inputs in order. */
    List<EncodedWeight> run(Collection<EncodedWeight> inputs);

    /** Measures the model. */
    default double metric(ExportMetric metric) {
        return metric.of(this::run);
    }

    /** The graph in plain Java. */
    static ModelReference plain(GraphModel given) {
        PlainModel model = PlainModel.of(given);
        return inputs ->
                model.run(inputs.stream().map(Tensor::of).toArray(Tensor[]::new)).stream()
                        .map(Tensor::encode)
                        .toList();
    }

    /** A block in the engine. */
    static ModelReference block(Block block) {
        return inputs -> {
            try (NDManager manager = NDManager.newBaseManager()) {
                NDList arrays = new NDList();
                inputs.forEach(input -> arrays.add(EngineValues.array(manager, input)));
                NDList outputs = block.forward(new ParameterStore(manager, false), arrays, false);
                return outputs.stream().map(EngineValues::value).toList();
            }
        };
    }
}
