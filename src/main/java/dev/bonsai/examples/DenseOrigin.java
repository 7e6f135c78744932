package dev.bonsai.examples;

import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All that a dense network depends on: with the same, the same network comes out.
 *
 * @param network the network
 * @param data the name of the images
 * @param fingerprint what tells them from others of the same name
 * @param epochs the epochs of the training
 * @param seed the seed of every random choice
 * @param training how it was trained otherwise
 */
record DenseOrigin(
        String network, String data, String fingerprint, int epochs, long seed, String training) {

    static DenseOrigin of(
            Network network, ImageData images, TrainingPlan plan, int batchSize, long seed) {
        return new DenseOrigin(
                network.id(),
                images.name(),
                images.fingerprint(),
                plan.epochs(),
                seed,
                DenseTraining.describe(plan, batchSize));
    }

    /** Returns the values by the names that people read. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("network", network);
        facts.put("data set", data);
        facts.put("fingerprint of the data set", fingerprint);
        facts.put("number of dense epochs", epochs);
        facts.put("seed of the dense training", seed);
        facts.put("way of the dense training", training);
        return facts;
    }

    /** Returns the same origin with epochs and seed of another, where any will do. */
    DenseOrigin withTrainingOf(DenseOrigin other) {
        return new DenseOrigin(
                network, data, fingerprint, other.epochs, other.seed, other.training);
    }

    /** Returns the origin of a network of this origin that was trained on as another says. */
    DenseOrigin trainedOn(DenseOrigin more) {
        String then =
                String.format(
                        Locale.ROOT,
                        "%s; then %d epochs more, with seed %d: %s",
                        training,
                        more.epochs,
                        more.seed,
                        more.training);
        return new DenseOrigin(
                network, data, fingerprint, Math.addExact(epochs, more.epochs), seed, then);
    }

    /** Says in what this origin differs from the one that is needed; empty if in nothing. */
    Optional<String> differences(DenseOrigin needed) {
        return Facts.differences(facts(), needed.facts());
    }
}
