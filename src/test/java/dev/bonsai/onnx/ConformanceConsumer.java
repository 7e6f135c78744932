package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import java.util.List;

/** Runs an imported model. */
interface ConformanceConsumer {

    /** Says that a model asks for what a consumer does not have. */
    final class UnsupportedException extends Exception {

        private static final long serialVersionUID = 1L;

        UnsupportedException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** Returns the name in the lines that are printed. */
    String name();

    /**
     * Runs a model.
     *
     * @param model the model
     * @param data what it is given, and what is expected
     * @return the outputs in order
     */
    List<EncodedWeight> run(GraphModel model, ConformanceCase.DataSet data) throws Exception;
}
