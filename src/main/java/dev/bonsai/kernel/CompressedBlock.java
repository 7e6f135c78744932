package dev.bonsai.kernel;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
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
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The wrapper round the user's root block while the model is compressed: it hands the children a
 * view of the parameter store with the effective weights in it, and is the root block in all else.
 *
 * <p>It delegates and adds no child, so that parameter names and saved files stay those of the
 * root. It forgets its host when the training has ended; whoever still holds the wrapper then, a
 * predictor for example, gets the root block.
 */
final class CompressedBlock implements Block {

    /** What the wrapper is there for. */
    interface Host {

        /** Returns whoever had the block wrapped. */
        Object owner();

        /**
         * Begins a pass.
         *
         * @param store the trainer's or a predictor's store
         * @param inputs the input, whose manager is to own the output
         * @param training whether a gradient will be asked for
         */
        Pass begin(ParameterStore store, NDList inputs, boolean training);

        /** Tells whether the model is open, so that its weights are there. */
        boolean isOpen();

        /** Saves the last accepted state with its effective weights, in the root's own format. */
        void save(DataOutputStream os) throws IOException;
    }

    private final Block root;
    private volatile Optional<Host> host;

    CompressedBlock(Block root, Host host) {
        this.root = root;
        this.host = Optional.of(host);
    }

    Block root() {
        return root;
    }

    /** Returns who decides on the weights; empty once the training has ended. */
    Optional<Host> host() {
        return host;
    }

    /** Is the root block from now on, and nothing else. */
    void leave() {
        host = Optional.empty();
    }

    private Pass begin(ParameterStore store, NDList inputs, boolean training) {
        return host.map(h -> h.begin(store, inputs, training))
                .orElseGet(() -> new PlainPass(store));
    }

    @Override
    public NDList forward(
            ParameterStore store,
            NDList inputs,
            boolean training,
            PairList<String, Object> params) {
        try (Pass pass = begin(store, inputs, training)) {
            NDList outputs =
                    pass.rounded().isPresent()
                            ? pass.rounded().get().forward(inputs, params)
                            : root.forward(pass.store(), inputs, training, params);
            return pass.end(outputs, params);
        } catch (IllegalStateException e) {
            throw keptArray(e, inputs);
        }
    }

    @Override
    public NDList forward(
            ParameterStore store, NDList data, NDList labels, PairList<String, Object> params) {
        try (Pass pass = begin(store, data, true)) {
            NDList outputs =
                    pass.rounded().isPresent()
                            ? pass.rounded().get().forward(data, params)
                            : root.forward(pass.store(), data, labels, params);
            return pass.end(outputs, params);
        } catch (IllegalStateException e) {
            throw keptArray(e, data);
        }
    }

    /** Says what to do where a block has kept what it computed from a weight in another pass. */
    private IllegalStateException keptArray(IllegalStateException e, NDList inputs) {
        boolean ours =
                host.filter(Host::isOpen).isPresent()
                        && inputs.stream().noneMatch(NDArray::isReleased);
        return ours && ReleasedArray.isMeant(e) ? ReleasedArray.explained(e) : e;
    }

    @Override
    public void saveParameters(DataOutputStream os) throws IOException {
        Optional<Host> saver = host;
        if (saver.isPresent()) {
            saver.get().save(os);
        } else {
            root.saveParameters(os);
        }
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
