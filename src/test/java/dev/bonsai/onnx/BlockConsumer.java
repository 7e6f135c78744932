package dev.bonsai.onnx;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.EngineValues;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import java.util.List;

/** Runs a model as a DJL block. */
final class BlockConsumer implements ConformanceConsumer {

    @Override
    public String name() {
        return "block";
    }

    @Override
    public List<EncodedWeight> run(GraphModel model, ConformanceCase.DataSet data) {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock block = GraphBlock.of(model);
            block.initialize(manager);
            NDList inputs = new NDList();
            data.inputs().forEach(input -> inputs.add(EngineValues.array(manager, input)));
            NDList outputs = block.forward(new ParameterStore(manager, false), inputs, false);
            return outputs.stream().map(EngineValues::value).toList();
        }
    }
}
