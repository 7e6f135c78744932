package dev.bonsai;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.metric.Metrics;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.translate.NoopTranslator;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.quantization.Scales;
import dev.bonsai.sharing.WeightSharing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A model that is trained with the listener while other threads predict with it, in a process of
 * its own: {@code main(course, threads, form)} ends with 0 if all went well. A crash of native code
 * is a failed test then, and not the end of all tests.
 */
public final class Served {

    private static final int EPOCHS = 8;
    private static final int POINTS = 16;

    /** What the training goes through; each goes on to 4 bits and to the end. */
    static final Map<String, Supplier<List<Technique>>> COURSES = courses();

    private static Map<String, Supplier<List<Technique>>> courses() {
        Map<String, Supplier<List<Technique>>> courses = new LinkedHashMap<>();
        courses.put("steps", () -> List.of(ToyTestBase.pruning(0.9f, 3), bits()));
        courses.put(
                "regrowth",
                () -> List.of(half().optRegrowth(Regrowth.random(0.3f, 1, 5)).build(), bits()));
        courses.put("ramp", () -> List.of(half().optRamp(1, 6).build(), bits()));
        courses.put(
                "learned scales",
                () ->
                        List.of(
                                half().build(),
                                Quantization.builder()
                                        .setBits(4)
                                        .optScales(Scales.LEARNED)
                                        .build()));
        courses.put(
                "moving ranges",
                () ->
                        List.of(
                                Quantization.builder()
                                        .setBits(4)
                                        .optRangeEstimator(RangeEstimator.movingAverage(0.5f))
                                        .build(),
                                half().build()));
        courses.put("thinning", () -> List.of(thinning(), bits()));
        courses.put(
                "sharing",
                () ->
                        List.of(
                                WeightSharing.builder()
                                        .setCentroids(8)
                                        .optRefresh(new Refresh(2, 1))
                                        .build()));
        return courses;
    }

    private static Pruning.Builder half() {
        return Pruning.builder().setTargetSparsity(0.6f);
    }

    private static Technique thinning() {
        return Thinning.builder()
                .setSaving(Saving.parameters(0.6f))
                .optSchedule(SparsitySchedule.linear(3))
                .build();
    }

    private static Technique bits() {
        return Quantization.builder().setBits(4).build();
    }

    private final Toy toy = new Toy();
    private final Form form;
    private final Model model;
    private final List<byte[]> accepted = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean begun;
    private volatile boolean over;
    private long answers;

    private Served(Form form) {
        this.form = form;
        model = Toy.model(form.of(Toy.mlp()));
    }

    public static void main(String[] args) throws Exception {
        new Served(Form.valueOf(args[2])).serve(args[0], Integer.parseInt(args[1]));
        System.exit(0);
    }

    /** Takes down each accepted state: between any two of them something is measured. */
    private final class Noting extends Accuracy {

        private int measured;

        @Override
        public void addAccumulator(String key) {
            if (measured > 0) {
                note();
            }
            super.addAccumulator(key);
        }

        @Override
        public float getAccumulator(String key) {
            ++measured;
            // a wave: steps are accepted and rolled back
            return (float) (0.9 + 0.1 * Math.sin(measured) + 1e-3 * super.getAccumulator(key));
        }
    }

    private void note() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            model.getBlock().saveParameters(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        accepted.add(bytes.toByteArray());
        begun = true;
    }

    private void serve(String course, int threads) throws Exception {
        NDArray points = toy.data(5).getByRange(toy.manager(), 0, POINTS).getData().head();
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), new Noting())
                        .optMaxDrop(0.1f)
                        .optRecoveryEpochs(2)
                        .build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(COURSES.get(course).get())
                        .optGate(gate)
                        .build();
        TrainingListenerAdapter last =
                new TrainingListenerAdapter() {
                    @Override
                    public void onEpoch(Trainer trainer) {
                        note();
                    }
                };
        Set<ByteBuffer> given = Collections.synchronizedSet(new LinkedHashSet<>());
        List<Thread> others = new ArrayList<>();
        try (Trainer trainer = toy.trainer(model, listener, last)) {
            trainer.setMetrics(new Metrics());
            for (int i = 0; i < threads; ++i) {
                others.add(new Thread(() -> predict(points, given)));
            }
            others.forEach(Thread::start);
            EasyTrain.fit(trainer, EPOCHS, toy.data(1), toy.data(3));
        }
        note();
        Thread.sleep(100); // with a predictor that outlives the trainer
        over = true;
        for (Thread other : others) {
            other.join();
        }
        check(given, points);
        System.out.println(
                answers + " answers of " + given.size() + " kinds, " + accepted.size() + " states");
        System.out.println(listener.getReport());
    }

    private void predict(NDArray points, Set<ByteBuffer> given) {
        long count = 0;
        try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
            while (!over) {
                LockSupport.parkNanos(200_000); // or the training starves on a small machine
                boolean counts = begun; // plain DJL before the first state is accepted
                try (NDManager scratch = NDManager.newBaseManager()) {
                    NDArray own = points.duplicate();
                    own.attach(scratch);
                    NDList answer = predictor.predict(new NDList(own));
                    answer.attach(scratch);
                    if (counts) {
                        given.add(bytes(answer.head().toFloatArray()));
                        ++count;
                    }
                }
            }
        } catch (Exception e) {
            failures.add(e.toString());
            e.printStackTrace();
        }
        synchronized (this) {
            answers += count;
        }
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private void check(Set<ByteBuffer> given, NDArray points) throws Exception {
        Set<ByteBuffer> expected = new LinkedHashSet<>();
        for (byte[] state : accepted) {
            expected.add(answer(state, points));
        }
        given.stream()
                .filter(answer -> !expected.contains(answer))
                .forEach(a -> failures.add("of no accepted state: " + a.getFloat(0)));
        if (given.size() < 2 || answers < 500) {
            failures.add(answers + " answers of " + given.size() + " kinds test nothing");
        }
        if (!failures.isEmpty()) {
            System.out.println(failures.size() + " failures: " + failures.get(0));
            System.exit(1);
        }
    }

    /** What plain DJL makes of what was saved. */
    private ByteBuffer answer(byte[] state, NDArray points) throws Exception {
        try (NDManager scratch = NDManager.newBaseManager()) {
            Block block = form.of(Toy.mlp());
            block.loadParameters(scratch, new DataInputStream(new ByteArrayInputStream(state)));
            NDArray own = points.duplicate();
            own.attach(scratch);
            NDList outputs =
                    block.forward(new ParameterStore(scratch, false), new NDList(own), false);
            return bytes(outputs.head().toFloatArray());
        }
    }
}
