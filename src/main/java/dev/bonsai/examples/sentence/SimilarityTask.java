package dev.bonsai.examples.sentence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model of sentences is judged by: how well the cosines of its vectors tell which pairs
 * people find similar.
 *
 * @param sentences the numbers of the tokens of each sentence; one that is in several pairs stands
 *     here once
 * @param pairs the pairs, as two places among the sentences each
 * @param scores how similar people find each pair
 */
public record SimilarityTask(List<long[]> sentences, List<Places> pairs, List<Double> scores) {

    /**
     * Where the sentences of a pair stand.
     *
     * @param first the place of the one
     * @param second the place of the other
     */
    public record Places(int first, int second) {}

    /** Copies the lists. */
    public SimilarityTask {
        sentences = List.copyOf(sentences);
        pairs = List.copyOf(pairs);
        scores = List.copyOf(scores);
    }

    /**
     * Makes a task.
     *
     * @param rows pairs of sentences with scores
     * @param tokens cuts the sentences
     * @return the task
     */
    public static SimilarityTask of(List<SentencePair> rows, Tokens tokens) {
        Map<String, Integer> places = new LinkedHashMap<>();
        List<Places> pairs = new ArrayList<>();
        for (SentencePair row : rows) {
            pairs.add(new Places(place(row.first(), places), place(row.second(), places)));
        }
        return new SimilarityTask(
                tokens.of(List.copyOf(places.keySet())),
                pairs,
                rows.stream().map(SentencePair::score).toList());
    }

    private static int place(String sentence, Map<String, Integer> places) {
        Integer known = places.putIfAbsent(sentence, places.size());
        return known == null ? places.size() - 1 : known;
    }

    /**
     * Judges vectors.
     *
     * @param vectors a vector per sentence, in their order, all of one length
     * @return {@link Spearman}'s correlation of the cosines with the scores
     */
    public double spearman(float[][] vectors) {
        double[] cosines =
                pairs.stream()
                        .mapToDouble(pair -> cosine(vectors[pair.first()], vectors[pair.second()]))
                        .toArray();
        return Spearman.of(cosines, scores.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Returns the cosine of the angle between two vectors.
     *
     * @param a a vector
     * @param b one of the same length
     * @return from -1 to 1; NaN if one of them has no direction
     */
    public static double cosine(float[] a, float[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; ++i) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
