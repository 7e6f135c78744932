package dev.bonsai.examples;

import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.quantization.ReducedFloats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a model of sentences is compressed: grids that clip nothing, whose steps say what a weight
 * takes in the file.
 *
 * @param epochs the epochs of the training, from 0
 * @param wordStep the step of the grid of the words' vectors, in root mean squares of all of them
 * @param layerStep the step of the grid of each row of the other matrices, in those of the row
 * @param maxDrop what it may cost in Spearman's correlation on the development set
 */
record EmbeddingRecipe(int epochs, float wordStep, float layerStep, float maxDrop) {

    /** The sentences of a step. */
    static final int BATCH_SIZE = 64;

    /** The learning rate behind the first steps. */
    static final float LEARNING_RATE = 2e-4f;

    /** The learning rate in the end, and in the very beginning. */
    static final float FINAL_LEARNING_RATE = 4e-6f;

    /**
     * The vectors of the words, half of all weights. What no sentence has, training does not move:
     * its gradient is 0, and then so is Adam's step.
     */
    static final String WORDS = "word_embeddings";

    /** The vectors of the kinds of tokens: few numbers, one of which is in every vector. */
    private static final String KINDS = "token_type_embeddings";

    private static final int WORD_BITS = 5;
    private static final int LAYER_BITS = 5;

    /**
     * Returns the recipe.
     *
     * @param epochs the epochs of the training; 0 for none, null for as many as are good
     */
    static EmbeddingRecipe of(Integer epochs) {
        return epochs != null && epochs == 0
                ? new EmbeddingRecipe(0, 0.75f, 0.6f, 0.005f)
                : new EmbeddingRecipe(epochs == null ? 4 : epochs, 1.5f, 0.66f, 0.01f);
    }

    List<Technique> techniques() {
        return List.of(
                Quantization.builder()
                        .setBits(LAYER_BITS)
                        .optSelector(WeightSelector.builder().exclude(WORDS).exclude(KINDS).build())
                        .optRangeEstimator(reach(layerStep, LAYER_BITS))
                        .optScaleFormat(FloatFormat.BFLOAT16)
                        .build(),
                Quantization.builder()
                        .setBits(WORD_BITS)
                        .optSelector(WeightSelector.builder().include(WORDS).build())
                        .optGranularity(Granularity.perTensor())
                        .optRangeEstimator(reach(wordStep, WORD_BITS))
                        .build(),
                ReducedFloats.builder()
                        .setFormat(FloatFormat.FLOAT16)
                        .optSelector(
                                WeightSelector.builder()
                                        .include("(?i)bias$")
                                        .include("(?i)norm\\.weight$")
                                        .include(KINDS)
                                        .build())
                        .build());
    }

    private static RangeEstimator reach(float step, int bits) {
        return RangeEstimator.rootMeanSquare(step * ((1 << (bits - 1)) - 1));
    }

    /** Returns what makes up the recipe, by the names that people read. */
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("epochs", epochs);
        facts.put("wordStep", wordStep);
        facts.put("layerStep", layerStep);
        facts.put("maxDrop", maxDrop);
        return facts;
    }

    String describe() {
        return String.format(
                Locale.ROOT,
                "%s: words on a grid of %s root mean squares, other matrices of %s, at most %s of"
                        + " Spearman's correlation less",
                epochs == 0 ? "No training" : epochs + " epochs",
                wordStep,
                layerStep,
                maxDrop);
    }
}
