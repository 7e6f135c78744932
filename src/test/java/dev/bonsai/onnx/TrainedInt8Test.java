package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import dev.bonsai.CompressionListener;
import dev.bonsai.Cross;
import dev.bonsai.EveryRange;
import dev.bonsai.FunctionBlock;
import dev.bonsai.Toy;
import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.core.Technique;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.report.NetworkCost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the gate has judged is what the file in integers computes. */
public class TrainedInt8Test extends ExportFolder {

    /** Networks for the eight numbers of a point. */
    enum Network {
        MATRICES(new Shape(Toy.FEATURES), Toy::mlp),
        CONVOLUTIONS(new Shape(1, 2, 4), Network::convolutions),
        RESIDUAL(new Shape(2, 2, 2), Network::residual),
        SEQUENCE(new Shape(2, 4), Network::sequence),
        TIED(new Shape(Toy.FEATURES), Network::tied),
        FROZEN(new Shape(Toy.FEATURES), Network::frozen),
        TABLE(new Shape(Toy.FEATURES), Network::table);

        @SuppressWarnings("ImmutableEnumChecker")
        private final Shape sample;

        @SuppressWarnings("ImmutableEnumChecker")
        private final Supplier<Block> block;

        Network(Shape sample, Supplier<Block> block) {
            this.sample = sample;
            this.block = block;
        }

        private static Block convolution(int filters) {
            return Conv2d.builder()
                    .setFilters(filters)
                    .setKernelShape(new Shape(3, 3))
                    .optPadding(new Shape(1, 1))
                    .build();
        }

        private static Block convolutions() {
            return new SequentialBlock()
                    .add(convolution(20))
                    .add(Activation::relu)
                    .add(Pool.maxPool2dBlock(new Shape(2, 2)))
                    .add(Dropout.builder().optRate(0.1f).build())
                    .add(convolution(8))
                    .add(Activation::tanh)
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(Toy.CLASSES).build());
        }

        private static Block normal(int filters) {
            return new SequentialBlock().add(convolution(filters)).add(BatchNorm.builder().build());
        }

        private static Block residual() {
            Block body =
                    new SequentialBlock().add(normal(16)).add(Activation::relu).add(normal(16));
            return new SequentialBlock()
                    .add(normal(16))
                    .add(Activation::relu)
                    .add(
                            new ParallelBlock(
                                    list ->
                                            new NDList(
                                                    list.get(0)
                                                            .singletonOrThrow()
                                                            .add(list.get(1).singletonOrThrow())),
                                    List.of(body, Blocks.identityBlock())))
                    .add(Activation::relu)
                    .add(Pool.globalAvgPool2dBlock())
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(Toy.CLASSES).build());
        }

        private static Block tied() {
            Block twice = Linear.builder().setUnits(Toy.FEATURES).build();
            return new SequentialBlock()
                    .add(twice)
                    .add(Activation::relu)
                    .add(twice)
                    .add(Activation::relu)
                    .add(Linear.builder().setUnits(Toy.CLASSES).build());
        }

        private static Block frozen() {
            Block frozen = Linear.builder().setUnits(16).build();
            frozen.freezeParameters(true);
            return new SequentialBlock().add(frozen).add(Toy.mlp());
        }

        /** Rows of a table, picked by which numbers are large, and a product of all. */
        private static Block table() {
            FunctionBlock rows =
                    new FunctionBlock(
                            (x, values) -> {
                                NDArray ids = x.mul(3).clip(0, 3).toType(DataType.INT64, false);
                                return ids.getNDArrayInternal()
                                        .embedding(ids, values.apply("table"), SparseFormat.DENSE)
                                        .singletonOrThrow()
                                        .reshape(-1, 48);
                            });
            return new SequentialBlock()
                    .add(rows.add("table", 4, 6).columns(48))
                    .add(Linear.builder().setUnits(Toy.CLASSES).build());
        }

        private static Block sequence() {
            return new SequentialBlock()
                    .add(Linear.builder().setUnits(16).build())
                    .add(Activation::gelu)
                    .add(LayerNorm.builder().axis(2).build())
                    .add(Linear.builder().setUnits(24).optBias(false).build())
                    .add(Activation::sigmoid)
                    .add(Blocks.batchFlattenBlock())
                    .add(Linear.builder().setUnits(Toy.CLASSES).build());
        }
    }

    /** A training to its end, and what the model gave whenever it was measured. */
    private static final class Training extends Accuracy {

        private static final int BATCHES = 8;

        private final List<EncodedWeight> inputs = new ArrayList<>();
        private final List<EncodedWeight> labels = new ArrayList<>();
        private final List<EncodedWeight> measured = new ArrayList<>();
        private final CompressionListener listener;
        private final BonsaiModel stored;

        Training(Network network, Path folder, Technique... techniques) throws Exception {
            try (Toy toy = new Toy(network.sample);
                    Model model = Toy.model(network.block.get())) {
                listener =
                        CompressionListener.builder()
                                .optGate(
                                        Gate.builder()
                                                .optEvaluation(toy.data(2), this)
                                                .optMaxDrop(0.1f)
                                                .build())
                                .addTechniques(List.of(techniques))
                                .build();
                toy.train(model, 3 + techniques.length / 2, listener);
                for (Batch batch : toy.data(2).getData(toy.manager())) {
                    inputs.add(encoded(batch.getData().head()));
                    labels.add(encoded(batch.getLabels().head()));
                }
            }
            Path file = folder.resolve("model.bonsai");
            listener.getCompressedModel().save(file);
            stored = BonsaiFile.read(file);
        }

        @Override
        public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
            measured.add(encoded(predictions.head()));
            super.updateAccumulators(keys, labels, predictions);
        }

        private static EncodedWeight encoded(NDArray array) {
            return new DenseWeight(Tensors.dimensions(array.getShape()), array.toFloatArray());
        }

        /** What the plain block and the grids gave in the end. */
        List<EncodedWeight> last() {
            return measured.subList(measured.size() - BATCHES, measured.size());
        }

        /** Whether that has been judged before, bit for bit. */
        boolean wasJudged() {
            for (int i = 0; i + 2 * BATCHES <= measured.size(); i += BATCHES) {
                if (measured.subList(i, i + BATCHES).equals(last())) {
                    return true;
                }
            }
            return false;
        }
    }

    @DataProvider
    Object[][] trainings() {
        return Cross.of(Network.values(), EveryRange.values());
    }

    @Test(dataProvider = "trainings")
    public void whatWasJudgedIsWhatTheFileComputes(Network network, EveryRange ranges)
            throws Exception {
        check(new Training(network, folder, eightBits(), ranges.technique(8)));
    }

    private static Technique eightBits() {
        return Quantization.builder().setBits(8).build();
    }

    @DataProvider
    Object[][] thinner() {
        Network[] networks = {Network.MATRICES, Network.CONVOLUTIONS, Network.RESIDUAL};
        return Cross.of(networks, EveryRange.values());
    }

    /** Ranges stay what they were when channels are taken out. */
    @Test(dataProvider = "thinner")
    public void ofAThinnerNetworkToo(Network network, EveryRange ranges) throws Exception {
        Technique thinning =
                Thinning.builder()
                        .setSaving(Saving.parameters(0.3f))
                        .optSchedule(SparsitySchedule.constant())
                        .build();
        Training training =
                new Training(network, folder, thinning, eightBits(), ranges.technique(8));
        NetworkCost cost = training.listener.getReport().network().orElseThrow();
        assertTrue(cost.parametersLeft() <= 0.7 + 1e-6, training.listener.getReport().toString());
        check(training);
    }

    private void check(Training training) throws Exception {
        assertTrue(training.wasJudged(), training.listener.getReport().toString());
        Path file = folder.resolve("int8.onnx");
        OnnxExport export =
                OnnxExporter.write(
                        file,
                        training.stored.graphModel().orElseThrow(),
                        ActivationGrids.of(training.stored).orElseThrow());
        assertEquals(export.form(), OnnxForm.STATIC_INT8);
        Comparison comparison = new Comparison(Double.POSITIVE_INFINITY);
        int right = 0;
        int all = 0;
        try (OrtSession session = new OrtSession(Files.readAllBytes(file))) {
            String name = training.stored.graph().orElseThrow().inputs().get(0).name();
            for (int i = 0; i < training.inputs.size(); ++i) {
                EncodedWeight scores = session.run(Map.of(name, training.inputs.get(i))).get(0);
                comparison.add(List.of("scores"), List.of(scores), List.of(training.last().get(i)));
                float[] labels = training.labels.get(i).decode();
                all += labels.length;
                for (int row = 0; row < labels.length; ++row) {
                    right += best(scores.decode(), row) == (int) labels[row] ? 1 : 0;
                }
            }
        }
        double steps = comparison.difference() * 127 / comparison.largest();
        assertTrue(steps <= 1, steps + " steps of the output's grid");
        double judged = training.listener.getReport().achieved();
        assertEquals((double) right / all, judged, 0.001, "0.1 points");
    }

    private static int best(float[] scores, int row) {
        int best = 0;
        for (int i = 1; i < Toy.CLASSES; ++i) {
            int at = row * Toy.CLASSES;
            best = scores[at + i] > scores[at + best] ? i : best;
        }
        return best;
    }
}
