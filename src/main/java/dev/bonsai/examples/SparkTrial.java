package dev.bonsai.examples;

import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.Strategy;
import dev.bonsai.spark.SharedFolder;
import dev.bonsai.spark.SparkExperiment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.broadcast.Broadcast;

/**
 * One trial of a search on an executor: a function of strategy, effort and seed, which makes its
 * own network there.
 *
 * @param network the network
 * @param images the images, which go to each executor once
 * @param dense DJL's file of the dense network's parameters, which does, too
 * @param seed determines every random choice
 * @param files where the compressed network goes
 */
record SparkTrial(
        Network network,
        Broadcast<ImageData> images,
        Broadcast<byte[]> dense,
        long seed,
        SharedFolder files)
        implements SparkExperiment {

    @Override
    public Outcome run(Strategy strategy, int epochs) throws Exception {
        Path folder = Files.createTempDirectory("bonsai-trial");
        Path parameters = folder.resolve(DenseFile.PARAMETERS);
        Path file = folder.resolve("trial.bonsai");
        try {
            AtomicFile.replace(parameters, dense.value());
            Pipeline pipeline = new Pipeline(network, images.value(), seed, folder);
            CompressionTrial trial =
                    new CompressionTrial(
                            pipeline, StrategySpace.of(network), images.value(), Printer.silent());
            Outcome outcome = trial.run(strategy, epochs, file);
            files.put(file, CompressionTrial.fileName(strategy, epochs));
            return outcome;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(parameters);
            Files.deleteIfExists(folder);
        }
    }
}
