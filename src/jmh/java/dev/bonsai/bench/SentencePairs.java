package dev.bonsai.bench;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.Vocabulary;
import ai.djl.modality.nlp.bert.BertFullTokenizer;
import com.google.gson.JsonParser;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Pairs of sentences, each with how similar people find them: STS-B (Cer et al. 2017). */
final class SentencePairs {

    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    private static final Pattern FIELD = Pattern.compile("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))");

    private final List<List<Tensor>> sentences = new ArrayList<>();
    private final List<Double> scores = new ArrayList<>();

    private SentencePairs() {}

    /** Reads rows of two sentences and a score; every sentence becomes a batch of its own. */
    static SentencePairs read(Path file) throws IOException {
        SentencePairs pairs = new SentencePairs();
        Vocabulary vocabulary = vocabulary();
        BertFullTokenizer tokenizer = new BertFullTokenizer(vocabulary, true);
        for (String line : Files.readAllLines(file)) {
            List<String> row = fields(line);
            for (String sentence : row.subList(0, 2)) {
                List<String> pieces = new ArrayList<>(List.of("[CLS]"));
                pieces.addAll(tokenizer.tokenize(sentence));
                pieces.add("[SEP]");
                pairs.sentences.add(
                        batch(pieces.stream().mapToLong(vocabulary::getIndex).toArray()));
            }
            pairs.scores.add(Double.parseDouble(row.get(2)));
        }
        return pairs;
    }

    /** The fields of a row; commas and doubled quotes may stand between quotes. */
    private static List<String> fields(String line) {
        return FIELD.matcher(line)
                .results()
                .map(
                        field ->
                                field.group(1) == null
                                        ? field.group(2)
                                        : field.group(1).replace("\"\"", "\""))
                .toList();
    }

    private static Vocabulary vocabulary() throws IOException {
        String[] words = new String[0];
        String json = new String(EngineModel.resource(TOKENIZER), StandardCharsets.UTF_8);
        for (Map.Entry<String, ?> word :
                JsonParser.parseString(json)
                        .getAsJsonObject()
                        .getAsJsonObject("model")
                        .getAsJsonObject("vocab")
                        .entrySet()) {
            int at = Integer.parseInt(word.getValue().toString());
            words = at < words.length ? words : Arrays.copyOf(words, at + 1);
            words[at] = word.getKey();
        }
        return DefaultVocabulary.builder()
                .optUnknownToken("[UNK]")
                .add(Arrays.asList(words))
                .build();
    }

    private static List<Tensor> batch(long[] numbers) {
        long[] mask = new long[numbers.length];
        Arrays.fill(mask, 1);
        return List.of(
                Tensor.of(numbers, 1, numbers.length),
                Tensor.of(mask, 1, numbers.length),
                Tensor.of(new long[numbers.length], 1, numbers.length));
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
        double[] cosines = new double[scores.size()];
        for (int i = 0; i < cosines.length; ++i) {
            cosines[i] =
                    cosine(
                            mean(model, sentences.get(2 * i)),
                            mean(model, sentences.get(2 * i + 1)));
        }
        return correlation(
                ranks(cosines), ranks(scores.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static double[] mean(UnaryOperator<List<Tensor>> model, List<Tensor> sentence) {
        float[] values = model.apply(sentence).get(0).floats();
        int tokens = sentence.get(0).size();
        double[] mean = new double[values.length / tokens];
        for (int i = 0; i < values.length; ++i) {
            mean[i % mean.length] += values[i] / (double) tokens;
        }
        return mean;
    }

    private static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    /** Equal values have the mean of their ranks. */
    private static double[] ranks(double[] values) {
        List<Integer> order =
                IntStream.range(0, values.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> values[i]))
                        .toList();
        double[] ranks = new double[values.length];
        for (int from = 0, to; from < ranks.length; from = to) {
            to = from + 1;
            while (to < ranks.length && values[order.get(to)] == values[order.get(from)]) {
                ++to;
            }
            for (int i = from; i < to; ++i) {
                ranks[order.get(i)] = (from + to - 1) / 2.0;
            }
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double[] x = centered(a);
        double[] y = centered(b);
        return cosine(x, y);
    }

    private static double[] centered(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean).toArray();
    }
}
