package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.runtime.Tensor;
import java.util.List;

/**
 * Sentences as a model takes them: filled up to the longest.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param count the number of sentences
 * @param length the tokens of the longest
 * @param numbers the numbers of the tokens, sentence by sentence, and 0 behind the end of each
 * @param mask 1 for a token, and 0 behind the end
 */
public record TokenBatch(int count, int length, long[] numbers, long[] mask) {

    /**
     * Fills up sentences.
     *
     * @param sentences the numbers of the tokens of each
     * @return the batch
     */
    public static TokenBatch of(List<long[]> sentences) {
        int length = sentences.stream().mapToInt(tokens -> tokens.length).max().orElse(0);
        long[] numbers = new long[sentences.size() * length];
        long[] mask = new long[numbers.length];
        for (int i = 0; i < sentences.size(); ++i) {
            long[] tokens = sentences.get(i);
            for (int j = 0; j < tokens.length; ++j) {
                numbers[i * length + j] = tokens[j];
                mask[i * length + j] = 1;
            }
        }
        return new TokenBatch(sentences.size(), length, numbers, mask);
    }

    /**
     * Makes the inputs of a DJL block.
     *
     * @param manager the owner of the arrays
     * @return numbers, mask and the kinds of the tokens, which are all 0
     */
    public NDList toArrays(NDManager manager) {
        Shape shape = new Shape(count, length);
        return new NDList(
                manager.create(numbers, shape),
                manager.create(mask, shape),
                manager.zeros(shape, DataType.INT64));
    }

    /**
     * Makes the inputs of a model in plain Java.
     *
     * @return the same three
     */
    public Tensor[] toTensors() {
        return new Tensor[] {
            Tensor.of(numbers, count, length),
            Tensor.of(mask, count, length),
            Tensor.of(new long[numbers.length], count, length)
        };
    }
}
