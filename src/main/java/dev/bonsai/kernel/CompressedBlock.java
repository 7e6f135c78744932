package dev.bonsai.kernel;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The wrapper round the user's root block while the model is compressed: it hands the children a
 * view of the parameter store with the effective weights in it, and is the root block in all else.
 *
 * <p>It delegates and adds no child, so that parameter names and saved files stay those of the
 * root.
 */
final class CompressedBlock implements Block {

    private final Block root;
    private final CompressionSession session;

    CompressedBlock(Block root, CompressionSession session) {
        this.root = root;
        this.session = session;
    }

    Block root() {
        return root;
    }

    CompressionSession session() {
        return session;
    }

    @Override
    public NDList forward(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        NDList outputs =
                session.forward(
                        store,
                        inputs,
                        training,
                        view -> root.forward(view, inputs, training, params));
        return training ? taught(inputs, params, outputs) : outputs;
    }

    @Override
    public NDList forward(
            ParameterStore store, NDList data, NDList labels, PairList<String, Object> params) {
        NDList outputs =
                session.forward(
                        store, data, true, view -> root.forward(view, data, labels, params));
        return taught(data, params, outputs);
    }

    /** Has the teacher, if there is one, answer to the inputs of a training step as well. */
    private NDList taught(NDList inputs, PairList<String, Object> params, NDList outputs) {
        session.teacher().ifPresent(teacher -> teacher.teach(root, inputs, params, outputs));
        return outputs;
    }

    /** Saves the last accepted state with its effective weights, in the root's own format. */
    @Override
    public void saveParameters(DataOutputStream os) throws IOException {
        session.saveAccepted(os);
    }

    @Override
    public void loadParameters(NDManager manager, DataInputStream is)
            throws IOException, MalformedModelException {
        root.loadParameters(manager, is);
    }

    @Override
    public void setInitializer(Initializer initializer, Parameter.Type type) {
        root.setInitializer(initializer, type);
    }

    @Override
    public void setInitializer(Initializer initializer, String paramName) {
        root.setInitializer(initializer, paramName);
    }

    @Override
    public void setInitializer(Initializer initializer, Predicate<Parameter> predicate) {
        root.setInitializer(initializer, predicate);
    }

    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        root.initialize(manager, dataType, inputShapes);
    }

    @Override
    public boolean isInitialized() {
        return root.isInitialized();
    }

    @Override
    public void cast(DataType dataType) {
        root.cast(dataType);
    }

    @Override
    public void clear() {
        root.clear();
    }

    @Override
    public PairList<String, Shape> describeInput() {
        return root.describeInput();
    }

    @Override
    public BlockList getChildren() {
        return root.getChildren();
    }

    @Override
    public ParameterList getDirectParameters() {
        return root.getDirectParameters();
    }

    @Override
    public ParameterList getParameters() {
        return root.getParameters();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return root.getOutputShapes(inputShapes);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes, DataType[] inputDataTypes) {
        return root.getOutputShapes(inputShapes, inputDataTypes);
    }

    @Override
    public Shape[] getInputShapes() {
        return root.getInputShapes();
    }

    @Override
    public DataType[] getOutputDataTypes() {
        return root.getOutputDataTypes();
    }

    @Override
    public void freezeParameters(boolean freeze) {
        root.freezeParameters(freeze);
    }

    @Override
    public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
        root.freezeParameters(freeze, predicate);
    }

    @Override
    public Map<String, String> getCustomMetadata() {
        return root.getCustomMetadata();
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
