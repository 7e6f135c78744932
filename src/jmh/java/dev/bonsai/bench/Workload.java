package dev.bonsai.bench;

import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.dataset.Batch;
import ai.djl.translate.TranslateException;
import dev.bonsai.examples.data.Augmentation;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A network, and batches to train it on: bundled digits for LeNet-5, noise for the others. */
enum Workload {
    LENET5(128, 10),
    RESNET18(32, 10),
    RESNET50(32, 10),
    MOBILENETV2(32, 10),
    /** 28 rows of 28 features, a state of 128. */
    LSTM(32, 10),
    /** One encoder block of 384 features, 12 heads and 1,536 hidden units, over 64 tokens. */
    BERT(32, 384),
    LINEAR4096(16, 4096);

    private static final int DIGIT_BATCHES = 40;
    private static final int NOISE_BATCHES = 4;

    private final int batch;
    private final int classes;

    Workload(int batch, int classes) {
        this.batch = batch;
        this.classes = classes;
    }

    private Shape sample() {
        return switch (this) {
            case LENET5 -> new Shape(1, 28, 28);
            case RESNET18, RESNET50 -> new Shape(3, 32, 32);
            case MOBILENETV2 -> new Shape(3, 64, 64);
            case LSTM -> new Shape(28, 28);
            case BERT -> new Shape(64, 384);
            case LINEAR4096 -> new Shape(4096);
        };
    }

    Block newBlock() {
        return switch (this) {
            case LENET5 -> Network.LENET5.newBlock();
            case RESNET18 -> resNet(18);
            case RESNET50 -> resNet(50);
            case MOBILENETV2 -> MobileNetV2.builder().setOutSize(10).build();
            case LSTM -> lstm();
            case BERT -> bert();
            case LINEAR4096 -> Linear.builder().setUnits(4096).build();
        };
    }

    private static Block resNet(int layers) {
        return ResNetV1.builder()
                .setImageShape(new Shape(3, 32, 32))
                .setNumLayers(layers)
                .setOutSize(10)
                .build();
    }

    private static Block lstm() {
        return new SequentialBlock()
                .add(
                        ai.djl.nn.recurrent.LSTM.builder()
                                .setStateSize(128)
                                .setNumLayers(1)
                                .optBatchFirst(true)
                                .optReturnState(false)
                                .build())
                .add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private static Block bert() {
        return new SequentialBlock()
                .add(new TransformerEncoderBlock(384, 12, 1536, 0, x -> gelu(x)))
                .addSingleton(x -> x.mean(new int[] {1}));
    }

    private static NDList gelu(NDList x) {
        return new NDList(x.singletonOrThrow().getNDArrayInternal().gelu());
    }

    int batch() {
        return batch;
    }

    Shape input() {
        return new Shape(batch).addAll(sample());
    }

    /** Returns batches of data and labels that the manager owns. */
    List<NDList> batches(NDManager manager) throws IOException, TranslateException {
        return this == LENET5 ? digits(manager) : noise(manager);
    }

    private List<NDList> digits(NDManager manager) throws IOException, TranslateException {
        List<NDList> batches = new ArrayList<>();
        for (Batch next :
                DataSource.DIGITS.load().train(batch, 1, Augmentation.NONE).getData(manager)) {
            if (batches.size() < DIGIT_BATCHES && next.getSize() == batch) {
                batches.add(new NDList(next.getData().head(), next.getLabels().head()));
                batches.get(batches.size() - 1).attach(manager);
            }
            next.close();
        }
        return batches;
    }

    private List<NDList> noise(NDManager manager) {
        List<NDList> batches = new ArrayList<>();
        for (int i = 0; i < NOISE_BATCHES; ++i) {
            batches.add(
                    new NDList(
                            manager.randomNormal(input()),
                            manager.randomInteger(0, classes, new Shape(batch), DataType.INT32)));
        }
        return batches;
    }
}
