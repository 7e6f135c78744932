package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.Test;

/** Every sentence comes once an epoch, filled up a little, with the label that is its own. */
public class SentenceBatchesTest {

    /** Sentences of 1 to 12 tokens; the first token is the place of the sentence. */
    private static List<long[]> sentences(int count) {
        Random random = new Random(3);
        List<long[]> sentences = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            long[] tokens = new long[1 + random.nextInt(12)];
            Arrays.fill(tokens, 7);
            tokens[0] = 100L + i;
            sentences.add(tokens);
        }
        return sentences;
    }

    /** What a pass over all batches shows. */
    private record Seen(List<Integer> places, List<Integer> lengths) {}

    private static Seen look(SentenceBatches batches, List<long[]> sentences, boolean vectors) {
        Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
        try (NDManager manager = NDManager.newBaseManager()) {
            for (Batch batch : batches.getData(manager)) {
                try (batch) {
                    check(batch, sentences, vectors, seen);
                }
            }
        }
        return seen;
    }

    private static void check(Batch batch, List<long[]> sentences, boolean vectors, Seen seen) {
        NDList data = batch.getData();
        long[] numbers = data.get(0).toLongArray();
        long[] mask = data.get(1).toLongArray();
        assertEquals(data.get(2).toLongArray(), new long[numbers.length], "all of kind 0");
        int length = numbers.length / batch.getSize();
        int longest = 0;
        for (int i = 0; i < batch.getSize(); ++i) {
            int place = (int) numbers[i * length] - 100;
            long[] tokens = sentences.get(place);
            longest = Math.max(longest, tokens.length);
            for (int j = 0; j < length; ++j) {
                boolean inside = j < tokens.length;
                assertEquals(mask[i * length + j], inside ? 1 : 0);
                assertEquals(numbers[i * length + j], inside ? tokens[j] : 0);
            }
            if (vectors) {
                float[] rows = batch.getLabels().head().toFloatArray();
                assertEquals(rows[2 * i], (float) place);
                assertEquals(rows[2 * i + 1], -1f);
            } else {
                assertEquals(batch.getLabels().head().toIntArray()[i], place);
            }
            seen.places.add(place);
            seen.lengths.add(tokens.length);
        }
        assertEquals(length, longest, "filled up to the longest only");
    }

    @Test
    public void toJudgeTheShortestComeFirstAndAllComeOnceTheSameEachTime() {
        List<long[]> sentences = sentences(53);
        SentenceBatches batches = SentenceBatches.toJudge(sentences, 8);
        Seen seen = look(batches, sentences, false);
        assertEquals(seen.lengths, seen.lengths.stream().sorted().toList());
        assertEquals(seen.places.stream().sorted().toList(), all(53));
        assertEquals(look(batches, sentences, false), seen);
    }

    @Test
    public void toTeachTheOrderIsAnotherInEachEpochAndTheSameForASeed() {
        List<long[]> sentences = sentences(53);
        float[][] vectors = new float[53][];
        for (int i = 0; i < 53; ++i) {
            vectors[i] = new float[] {i, -1};
        }
        SentenceBatches batches =
                SentenceBatches.toTeach(sentences, new TeacherAnswers(vectors, vectors), 8, 5);
        assertEquals(batches.count(), 7);
        Seen first = look(batches, sentences, true);
        Seen second = look(batches, sentences, true);
        assertEquals(first.places.stream().sorted().toList(), all(53));
        assertEquals(second.places.stream().sorted().toList(), all(53));
        assertNotEquals(second.places, first.places);
        assertNotEquals(first.lengths, first.lengths.stream().sorted().toList());
        SentenceBatches again =
                SentenceBatches.toTeach(sentences, new TeacherAnswers(vectors, vectors), 8, 5);
        assertEquals(look(again, sentences, true), first);
        assertEquals(look(again, sentences, true), second);
        SentenceBatches other =
                SentenceBatches.toTeach(sentences, new TeacherAnswers(vectors, vectors), 8, 6);
        assertNotEquals(look(other, sentences, true).places, first.places);
        // the sentences of a batch are of about one length
        List<Integer> batch = first.lengths.subList(0, 8);
        int spread = batch.stream().mapToInt(x -> x).max().orElseThrow() - batch.get(0);
        assertTrue(spread <= 4, "lengths " + batch);
    }

    private static List<Integer> all(int count) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            all.add(i);
        }
        return all;
    }
}
