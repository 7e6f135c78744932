package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Writes an accepted state in the parameter format of the block itself, without touching the arrays
 * that are being trained: the block writes them, and what it writes of each is replaced on the way
 * out.
 *
 * <p>DJL's {@code Parameter.save} hands an array to the stream in one piece, which begins with the
 * array's name, type and shape. That and the order of the parameters tell the pieces apart.
 */
final class AcceptedParameters {

    private final Block root;
    private final AcceptedState state;
    private final NDManager manager;

    AcceptedParameters(Block root, AcceptedState state, NDManager manager) {
        this.root = root;
        this.state = state;
        this.manager = manager;
    }

    /**
     * Saves the state.
     *
     * @throws IOException if it can't be written, or the block writes its parameters in a way of
     *     its own
     */
    void save(OutputStream os) throws IOException {
        List<Parameter> parameters = root.getParameters().values();
        Deque<Parameter> waiting = new ArrayDeque<>();
        parameters.stream().filter(Parameter::isInitialized).forEach(waiting::add);
        DataOutputStream replacing = new DataOutputStream(new Replacing(os, waiting));
        root.saveParameters(replacing);
        replacing.flush();
        if (!waiting.isEmpty()) {
            throw ownFormat("it left out " + waiting.size() + " of " + parameters.size());
        }
    }

    private IOException ownFormat(String what) {
        return new IOException(
                String.format(
                        Locale.ROOT,
                        "%s writes its parameters in a way of its own (%s), in which the compressed"
                                + " weights can't be put while the model is trained: save it after"
                                + " the trainer is closed",
                        root.getClass().getSimpleName(),
                        what));
    }

    /** Encodes the accepted value of a parameter as the parameter itself would be. */
    private byte[] encoded(Parameter parameter) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray copy = state.effective(parameter, scratch).duplicate();
            copy.attach(scratch);
            copy.setName(parameter.getArray().getName());
            return copy.encode();
        }
    }

    /** Replaces the pieces that are arrays. */
    private final class Replacing extends FilterOutputStream {

        /** What an encoded array begins with: {@code writeUTF("NDAR")}. */
        private static final byte[] ARRAY = {0, 4, 'N', 'D', 'A', 'R'};

        private final Deque<Parameter> waiting;

        Replacing(OutputStream out, Deque<Parameter> waiting) {
            super(out);
            this.waiting = waiting;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length < ARRAY.length
                    || !Arrays.equals(
                            bytes, offset, offset + ARRAY.length, ARRAY, 0, ARRAY.length)) {
                out.write(bytes, offset, length);
                return;
            }
            if (waiting.isEmpty()) {
                throw ownFormat("it wrote more arrays than it has parameters");
            }
            Parameter parameter = waiting.poll();
            byte[] accepted = encoded(parameter);
            int values =
                    Math.toIntExact(
                            parameter.getArray().size()
                                    * parameter.getArray().getDataType().getNumOfBytes());
            int head = accepted.length - values;
            if (accepted.length != length
                    || !Arrays.equals(bytes, offset, offset + head, accepted, 0, head)) {
                throw ownFormat("the array of " + parameter.getName() + " came out of order");
            }
            out.write(accepted, 0, length);
        }
    }
}
