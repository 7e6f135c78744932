package dev.bonsai.examples.sentence;

import java.util.Objects;

/**
 * Two sentences, and how similar people find them.
 *
 * @param first a sentence
 * @param second another one
 * @param score the higher, the more similar; of STS-B from 0 to 5
 */
public record SentencePair(String first, String second, double score) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the score is no finite number
     */
    public SentencePair {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("A score is a finite number, but got " + score);
        }
    }
}
