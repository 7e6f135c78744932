package dev.bonsai.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One way to run a model, from arrays of Java to an array of Java. */
interface EngineRun extends AutoCloseable {

    /** Runs the model once and returns the elements of its first output. */
    float[] once(List<Tensor> inputs) throws Exception;

    @Override
    default void close() throws OrtException {}

    /** The plain-Java runtime, which has one thread. */
    static EngineRun plain(GraphModel graph) {
        PlainModel model = PlainModel.of(Simplifier.simplify(graph));
        return inputs -> model.run(inputs.toArray(Tensor[]::new)).get(0).floats();
    }

    /** A block in DJL's engine. */
    static EngineRun djl(Block block) {
        NDManager manager = NDManager.newBaseManager();
        ParameterStore store = new ParameterStore(manager, false);
        return new EngineRun() {
            @Override
            public float[] once(List<Tensor> inputs) {
                try (NDManager own = manager.newSubManager()) {
                    NDList arrays = new NDList();
                    inputs.forEach(input -> arrays.add(array(own, input)));
                    return block.forward(store, arrays, false).head().toFloatArray();
                }
            }

            @Override
            public void close() {
                manager.close();
            }
        };
    }

    private static NDArray array(NDManager manager, Tensor input) {
        Shape shape = new Shape(Arrays.stream(input.shape()).asLongStream().toArray());
        return input.type() == ElementType.FLOAT32
                ? manager.create(input.floats(), shape)
                : manager.create(input.longs(), shape);
    }

    /** A file in ONNX Runtime, whose threads sleep while they wait. */
    static EngineRun ort(byte[] file, int threads) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = environment.createSession(file, options);
            List<String> names = List.copyOf(session.getInputNames());
            return new EngineRun() {
                @Override
                public float[] once(List<Tensor> inputs) throws OrtException {
                    return run(environment, session, names, inputs);
                }

                @Override
                public void close() throws OrtException {
                    session.close();
                }
            };
        }
    }

    private static float[] run(
            OrtEnvironment environment,
            OrtSession session,
            List<String> names,
            List<Tensor> inputs)
            throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (int i = 0; i < names.size(); ++i) {
                Tensor input = inputs.get(i);
                long[] shape = Arrays.stream(input.shape()).asLongStream().toArray();
                tensors.put(
                        names.get(i),
                        input.type() == ElementType.FLOAT32
                                ? OnnxTensor.createTensor(
                                        environment, FloatBuffer.wrap(input.floats()), shape)
                                : OnnxTensor.createTensor(
                                        environment, LongBuffer.wrap(input.longs()), shape));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[output.remaining()];
                output.get(values);
                return values;
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }
}
