package dev.bonsai.examples.sentence;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import dev.bonsai.examples.data.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Sentences in batches of about one length each, so that little is filled up. The label of a
 * sentence is what it is to be compared with: its place, to judge a model, or a vector, to teach
 * it.
 */
public final class SentenceBatches implements Dataset {

    private final List<long[]> sentences;
    private final int batchSize;
    private final BiFunction<int[], NDManager, NDList> labels;
    private final OptionalLong seed;
    private int epoch;

    private SentenceBatches(
            List<long[]> sentences,
            int batchSize,
            BiFunction<int[], NDManager, NDList> labels,
            OptionalLong seed) {
        this.sentences = List.copyOf(sentences);
        this.batchSize = batchSize;
        this.labels = labels;
        this.seed = seed;
    }

    /**
     * Makes batches to judge a model by, the shortest sentences first, always the same.
     *
     * @param sentences the numbers of the tokens of each sentence
     * @param batchSize how many sentences are run at a time
     * @return batches whose labels are the places of their sentences
     */
    public static SentenceBatches toJudge(List<long[]> sentences, int batchSize) {
        return new SentenceBatches(
                sentences,
                batchSize,
                (places, manager) -> new NDList(manager.create(places)),
                OptionalLong.empty());
    }

    /**
     * Makes batches to train a model with, in another order in each epoch.
     *
     * @param sentences the numbers of the tokens of each sentence
     * @param answers what the model is to make of each
     * @param batchSize how many sentences make a step
     * @param seed determines the orders
     * @return batches with two labels: vectors of the sentences, of the shape (sentences, length of
     *     a vector), and of the tokens, of the shape (sentences, tokens, length of a vector), 0
     *     behind the end of a sentence
     */
    public static SentenceBatches toTeach(
            List<long[]> sentences, TeacherAnswers answers, int batchSize, long seed) {
        return new SentenceBatches(sentences, batchSize, answers::toArrays, OptionalLong.of(seed));
    }

    /**
     * Returns the number of batches of an epoch.
     *
     * @return the number
     */
    public int count() {
        return (sentences.size() + batchSize - 1) / batchSize;
    }

    @Override
    public Iterable<Batch> getData(NDManager manager) {
        List<int[]> places = places();
        return () -> new Batches(manager, places.iterator());
    }

    @Override
    public void prepare(Progress progress) {
        // everything is there
    }

    /** The places of the sentences of each batch. */
    private List<int[]> places() {
        OptionalLong chance = OptionalLong.empty();
        if (seed.isPresent()) {
            chance = OptionalLong.of(Seeds.mix(seed.getAsLong(), epoch++));
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sentences.size(); ++i) {
            order.add(i);
        }
        chance.ifPresent(drawn -> Collections.shuffle(order, new Random(drawn)));
        order.sort(Comparator.comparingInt(i -> sentences.get(i).length));
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += batchSize) {
            List<Integer> batch = order.subList(from, Math.min(order.size(), from + batchSize));
            batches.add(batch.stream().mapToInt(Integer::intValue).toArray());
        }
        chance.ifPresent(drawn -> Collections.shuffle(batches, new Random(~drawn)));
        return batches;
    }

    private final class Batches implements Iterator<Batch> {

        private final NDManager parent;
        private final Iterator<int[]> places;
        private int number;

        Batches(NDManager parent, Iterator<int[]> places) {
            this.parent = parent;
            this.places = places;
        }

        @Override
        public boolean hasNext() {
            return places.hasNext();
        }

        @Override
        public Batch next() {
            int[] batch = places.next();
            NDManager manager = parent.newSubManager();
            NDList data =
                    TokenBatch.of(Arrays.stream(batch).mapToObj(sentences::get).toList())
                            .toArrays(manager);
            return new Batch(
                    manager,
                    data,
                    labels.apply(batch, manager),
                    batch.length,
                    Batchifier.STACK,
                    Batchifier.STACK,
                    number++,
                    count());
        }
    }
}
