package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the graph as a file of ONNX and runs that with ONNX Runtime. */
final class ExportedFile implements ConformanceConsumer {

    @Override
    public String name() {
        return "exported";
    }

    @Override
    public List<EncodedWeight> run(GraphModel model, ConformanceCase.DataSet data)
            throws Exception {
        Map<String, EncodedWeight> inputs = new LinkedHashMap<>();
        List<Graph.Input> names = model.graph().inputs();
        for (int i = 0; i < data.inputs().size(); ++i) {
            inputs.put(names.get(i).name(), data.inputs().get(i));
        }
        byte[] file;
        try {
            file = GraphWriter.write(model);
        } catch (OnnxExportException e) {
            throw new UnsupportedException(e.getMessage(), e);
        }
        try (OrtSession session = new OrtSession(file)) {
            return session.run(inputs);
        }
    }
}
