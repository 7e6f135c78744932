package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The model of one trainer from the moment at which its root block is wrapped to the moment at
 * which it is the user's own again, and the arrays that this takes.
 *
 * <p>The passes come from any thread. Each holds the arrays until it ends, and the last who leaves
 * frees them.
 */
final class WrappedModel implements CompressedBlock.Host {

    private final Object owner;
    private final Trainer trainer;
    private final NDManager manager;
    private final CompressedBlock wrapper;
    private final SharedArrays arrays;
    private final SavedStates saved;
    private final JoinedSettings settings = new JoinedSettings();

    private final Resumption resumption = new Resumption();

    /** From the first training pass on, other threads read it too. */
    private volatile Optional<CompressionRun> run = Optional.empty();

    /**
     * Puts the wrapper round the root block of a trainer's model.
     *
     * @param owner whoever is to be found by the block, see {@link CompressedBlock.Host#owner}
     * @param listener the class of the listeners that take part
     */
    WrappedModel(Object owner, Trainer trainer, Class<?> listener) {
        this.owner = owner;
        this.trainer = trainer;
        saved = new SavedStates(listener);
        Block root = trainer.getModel().getBlock();
        if (root == null) {
            throw new IllegalStateException(
                    "The model has no block: call model.setBlock(...) before model.newTrainer(...)");
        }
        // not the trainer's: what other threads hold outlives it
        manager = trainer.getModel().getNDManager().newSubManager(trainer.getDevices()[0]);
        manager.setName("bonsai");
        arrays = new SharedArrays(manager::close);
        wrapper = new CompressedBlock(root, this);
        trainer.getModel().setBlock(wrapper);
    }

    void add(Settings added) {
        settings.add(added);
    }

    @Override
    public Object owner() {
        return owner;
    }

    Trainer trainer() {
        return trainer;
    }

    /** Returns what has begun with the first training pass. */
    Optional<CompressionRun> run() {
        return run;
    }

    /**
     * Has the run go on from its newest checkpoint, if there is one.
     *
     * @return the epochs and batches that it has behind it
     * @throws IllegalStateException if the run has begun, or the checkpoint is of another one
     */
    RunPlace resume() {
        return resumption.resume(settings, trainer, manager, () -> run);
    }

    void onEpoch() {
        try {
            run.ifPresent(CompressionRun::onEpoch);
        } catch (UnaskedWeightException e) {
            giveUp();
            throw e;
        }
    }

    private void giveUp() {
        run.ifPresent(CompressionRun::abort);
        run = Optional.empty();
    }

    /**
     * Ends the training. Other threads predict with the accepted state until the baked weights are
     * in place and the wrapper has left.
     *
     * @param ending told the result, also where something is thrown
     */
    void close(Consumer<SessionResult> ending) {
        try {
            checkOpen();
            run.ifPresent(r -> r.close(ending));
        } catch (UnaskedWeightException e) {
            giveUp();
            throw e;
        } finally {
            trainer.getModel().setBlock(wrapper.root());
            wrapper.leave();
            run.ifPresent(CompressionRun::release);
            arrays.release();
            settings.detach();
        }
    }

    private void checkOpen() {
        if (run.isPresent() && !isOpen()) {
            throw new IllegalStateException(
                    "The model was closed before its trainer, and its weights with it: nothing is"
                            + " left that could be compressed, and there is no report. Close the"
                            + " trainer first, as in try (Model model = ...; Trainer trainer ="
                            + " model.newTrainer(...))");
        }
    }

    private CompressionRun begun(ParameterStore store, NDList inputs) {
        if (run.isEmpty()) {
            Block root = wrapper.root();
            if (!root.isInitialized()) {
                // its arrays belong to the model, and stay when the trainer is closed
                root.initialize(
                        trainer.getModel().getNDManager(), DataType.FLOAT32, inputs.getShapes());
            }
            CompressionRun begun =
                    new CompressionRun(root, store, trainer, settings, manager, saved, inputs);
            run = Optional.of(begun);
            if (!resumes(begun, inputs)) {
                begun.start(inputs);
            }
        }
        return run.get();
    }

    private boolean resumes(CompressionRun begun, NDList inputs) {
        try {
            return resumption.resumes(begun, inputs, settings);
        } catch (RuntimeException | Error e) {
            begun.dismiss(); // the weights are as they were
            run = Optional.empty();
            throw e;
        }
    }

    @Override
    public Pass begin(ParameterStore store, NDList inputs, boolean training) {
        boolean ours = store.getManager() == trainer.getManager();
        if (training && ours) {
            return begun(store, inputs).begin(store, inputs, true);
        }
        if (ours && resumption.isUnderWay()) {
            begun(store, inputs);
        }
        Optional<CompressionRun> begun = run;
        if (begun.isEmpty() || !arrays.hold()) {
            return new PlainPass(store);
        }
        if (training) {
            arrays.release();
            throw new IllegalStateException(
                    "A training pass was made on behalf of another trainer while the model is"
                            + " still being compressed by an earlier one: close that one first. If"
                            + " its close() has failed, or it is lost, call close() of the"
                            + " CompressionListener that it was built with");
        }
        CompressionRun r = begun.get();
        return held(() -> ours ? r.begin(store, inputs, false) : r.beginPrediction(store, inputs));
    }

    private Pass held(Supplier<Pass> pass) {
        try {
            return new HeldPass(pass.get(), arrays::release);
        } catch (RuntimeException | Error e) {
            arrays.release();
            throw e;
        }
    }

    @Override
    public boolean isOpen() {
        return manager.isOpen();
    }

    @Override
    public void save(DataOutputStream os) throws IOException {
        Optional<CompressionRun> begun = run;
        if (begun.isEmpty() || !arrays.hold()) {
            wrapper.root().saveParameters(os);
            return;
        }
        try {
            begun.get().save(os);
        } finally {
            arrays.release();
        }
    }
}
