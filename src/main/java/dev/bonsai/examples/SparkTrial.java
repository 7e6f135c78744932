package dev.bonsai.examples;

import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.Strategy;
import dev.bonsai.spark.SharedFolder;
import dev.bonsai.spark.SparkExperiment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One trial of a search on an executor: a function of strategy, effort and seed, which reads the
 * images itself and fetches the dense network.
 *
 * @param network the network
 * @param images which images
 * @param seed determines every random choice
 * @param files where the dense network is, and where the compressed one goes
 */
record SparkTrial(Network network, Images images, long seed, SharedFolder files)
        implements SparkExperiment {

    /** The images of this process, which its trials share. */
    private static final Map<Images, ImageData> READ = new ConcurrentHashMap<>();

    /**
     * Which images an executor reads.
     *
     * @param source a data set by name
     * @param folder a folder that every machine has, in place of it; empty if none
     */
    record Images(DataSource source, String folder) implements java.io.Serializable {

        static Images of(DataSource source, Optional<Path> folder) {
            return new Images(
                    source, folder.map(path -> path.toAbsolutePath().toString()).orElse(""));
        }

        private ImageData read() {
            return folder.isEmpty() ? source.load() : ImageData.fromFolder(Path.of(folder));
        }
    }

    @Override
    public Outcome run(Strategy strategy, int epochs) throws Exception {
        Path folder = Files.createTempDirectory("bonsai-trial");
        Path dense = folder.resolve(DenseFile.PARAMETERS);
        Path file = folder.resolve("trial.bonsai");
        try {
            files.get(DenseFile.PARAMETERS, dense);
            ImageData read = READ.computeIfAbsent(images, Images::read);
            Pipeline pipeline = new Pipeline(network, read, seed, folder);
            CompressionTrial trial =
                    new CompressionTrial(
                            pipeline, StrategySpace.of(network), read, Printer.silent());
            Outcome outcome = trial.run(strategy, epochs, file);
            files.put(file, CompressionTrial.fileName(strategy, epochs));
            return outcome;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(dense);
            Files.deleteIfExists(folder);
        }
    }
}
