package dev.bonsai.examples;

import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@link MnistCompression}. */
@CommandLine.Command(
        name = "MnistCompression",
        description = "Trains a network on images of digits and makes it small.",
        sortOptions = false,
        usageHelpAutoWidth = true)
final class MnistOptions implements Callable<Integer> {

    /** Something that a command does. */
    interface Action {
        /**
         * Does it.
         *
         * @throws Exception if it fails
         */
        void run() throws Exception;
    }

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "auto",
            converter = ToDataSource.class,
            description = "auto, mnist, fashion-mnist or digits (default: ${DEFAULT-VALUE}).")
    private DataSource dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with the four IDX files of MNIST's format; wins over --dataset.")
    private Path folder;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = "lenet5",
            converter = ToNetwork.class,
            description = "lenet5, lenet300 or tiny (default: ${DEFAULT-VALUE}).")
    private Network network;

    @Option(
            names = "--dense",
            paramLabel = "DIR",
            description = "The --out of an earlier run, to begin with its dense network.")
    private Path dense;

    @Option(
            names = "--dense-epochs",
            paramLabel = "N",
            converter = ToEpochs.class,
            description = "The epochs of the dense training (default: the network's recipe).")
    private Integer denseEpochs;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = ToEpochs.class,
            description = "The epochs of the compression (default: the network's recipe).")
    private Integer epochs;

    @Option(
            names = "--sparsity",
            paramLabel = "FRACTION",
            converter = ToSparsity.class,
            description = "The fraction of weights to remove, in [0, 1).")
    private Float sparsity;

    @Option(
            names = "--bits",
            paramLabel = "N",
            converter = ToBits.class,
            description = "The bits of a weight, from 2 to 16.")
    private Integer bits;

    @Option(
            names = "--max-drop",
            paramLabel = "FRACTION",
            converter = ToDrop.class,
            description = "What it may cost in validation accuracy, in [0, 1].")
    private Float maxDrop;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            converter = ToSeed.class,
            description = "Determines every random choice (default: ${DEFAULT-VALUE}).")
    private Integer seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: target/bonsai/NETWORK).")
    private Path out;

    @Option(names = "--help", usageHelp = true, description = "Shows this text.")
    @SuppressWarnings("UnusedVariable") // picocli sets it
    private boolean help;

    private Action action;

    void onRun(Action action) {
        this.action = action;
    }

    @Override
    public Integer call() throws Exception {
        action.run();
        return 0;
    }

    ImageData data() {
        return folder == null ? dataset.load() : ImageData.fromFolder(folder);
    }

    Network network() {
        return network;
    }

    Path dense() {
        return dense;
    }

    int denseEpochs() {
        return denseEpochs == null ? recipe().denseEpochs() : denseEpochs;
    }

    int epochs() {
        return epochs == null ? recipe().epochs() : epochs;
    }

    float sparsity() {
        return sparsity == null ? recipe().sparsity() : sparsity;
    }

    int bits() {
        return bits == null ? recipe().bits() : bits;
    }

    float maxDrop() {
        return maxDrop == null ? recipe().maxDrop() : maxDrop;
    }

    int seed() {
        return seed;
    }

    Path out() {
        return out == null ? Path.of("target", "bonsai", network.id()) : out;
    }

    private Recipe recipe() {
        return Recipe.of(network);
    }

    /** Has picocli show the message of what was thrown. */
    private static <T> T say(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static final class ToDataSource implements ITypeConverter<DataSource> {
        @Override
        public DataSource convert(String value) {
            return say(() -> DataSource.parse(value));
        }
    }

    private static final class ToNetwork implements ITypeConverter<Network> {
        @Override
        public Network convert(String value) {
            return say(() -> Network.parse(value));
        }
    }

    private static final class ToEpochs implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return whole(value, 0, 10_000);
        }
    }

    private static final class ToBits implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return whole(value, 2, 16);
        }
    }

    private static final class ToSeed implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return whole(value, 0, Integer.MAX_VALUE);
        }
    }

    private static final class ToSparsity implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return fraction(value, Math.nextDown(1f), "0 <= sparsity < 1");
        }
    }

    private static final class ToDrop implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            return fraction(value, 1, "0 <= drop <= 1");
        }
    }

    private static int whole(String value, int low, int high) {
        try {
            int number = Integer.parseInt(value);
            if (number >= low && number <= high) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException(
                String.format("'%s' is not a whole number from %d to %d", value, low, high));
    }

    private static float fraction(String value, float high, String range) {
        try {
            float number = Float.parseFloat(value);
            if (number >= 0 && number <= high) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException(
                String.format("'%s' is not a number with %s", value, range));
    }
}
