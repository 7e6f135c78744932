package dev.bonsai.bench;

import dev.bonsai.examples.sentence.PairFile;
import dev.bonsai.examples.sentence.SentencePair;
import dev.bonsai.examples.sentence.SimilarityTask;
import dev.bonsai.examples.sentence.Spearman;
import dev.bonsai.examples.sentence.TokenBatch;
import dev.bonsai.examples.sentence.Tokens;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pairs of sentences, each with how similar people find them: STS-B (Cer et al. 2017). */
final class SentencePairs {

    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    private final List<List<Tensor>> sentences = new ArrayList<>();
    private final double[] scores;

    private SentencePairs(List<SentencePair> pairs, Tokens tokens) {
        for (SentencePair pair : pairs) {
            for (String sentence : List.of(pair.first(), pair.second())) {
                sentences.add(List.of(TokenBatch.of(List.of(tokens.of(sentence))).toTensors()));
            }
        }
        scores = pairs.stream().mapToDouble(SentencePair::score).toArray();
    }

    /** Reads rows of two sentences and a score; every sentence becomes a batch of its own. */
    static SentencePairs read(Path file) throws IOException {
        try (Tokens tokens = Tokens.of(EngineModel.resource(TOKENIZER))) {
            return new SentencePairs(PairFile.read(file), tokens);
        }
    }

    /** The sentences, those of a pair one behind the other. */
    List<List<Tensor>> sentences() {
        return sentences;
    }

    /**
     * Spearman's rank correlation of the scores with the cosines of the means over all tokens.
     *
     * @param model makes a vector per token
     */
    double spearman(UnaryOperator<List<Tensor>> model) {
        double[] cosines = new double[scores.length];
        for (int i = 0; i < cosines.length; ++i) {
            cosines[i] =
                    SimilarityTask.cosine(
                            mean(model, sentences.get(2 * i)),
                            mean(model, sentences.get(2 * i + 1)));
        }
        return Spearman.of(cosines, scores);
    }

    private static float[] mean(UnaryOperator<List<Tensor>> model, List<Tensor> sentence) {
        float[] values = model.apply(sentence).get(0).floats();
        int tokens = sentence.get(0).size();
        double[] sum = new double[values.length / tokens];
        for (int i = 0; i < values.length; ++i) {
            sum[i % sum.length] += values[i];
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; ++i) {
            mean[i] = (float) (sum[i] / tokens);
        }
        return mean;
    }
}
