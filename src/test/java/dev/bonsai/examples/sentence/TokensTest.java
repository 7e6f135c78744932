package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;

import ai.djl.modality.nlp.DefaultVocabulary;
import ai.djl.modality.nlp.Vocabulary;
import ai.djl.modality.nlp.bert.BertFullTokenizer;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** The tokens are those of DJL's own tokenizer in Java, written by others. */
public class TokensTest {

    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

    private static final List<String> SOME =
            List.of(
                    "A plane is taking off.",
                    "Über den Dächern: 3.5 km, unbelievably far!",
                    "It's \"quoted\" (twice), isn't it?",
                    "U.S. shares up 1.5% at $3,000",
                    "wrrrxq zzgh tokenization");

    private static byte[] json() throws IOException {
        return TokensTest.class.getResourceAsStream(TOKENIZER).readAllBytes();
    }

    private static Vocabulary vocabulary() throws IOException {
        String[] words = new String[0];
        for (Map.Entry<String, ?> word :
                JsonParser.parseString(new String(json(), StandardCharsets.UTF_8))
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

    private static void compare(List<String> sentences) throws IOException {
        Vocabulary vocabulary = vocabulary();
        BertFullTokenizer other = new BertFullTokenizer(vocabulary, true);
        try (Tokens tokens = Tokens.of(json())) {
            for (String sentence : sentences) {
                List<String> pieces = new ArrayList<>(List.of("[CLS]"));
                pieces.addAll(other.tokenize(sentence));
                pieces.add("[SEP]");
                long[] expected = pieces.stream().mapToLong(vocabulary::getIndex).toArray();
                assertEquals(tokens.of(sentence), expected, sentence);
            }
        }
    }

    @Test
    public void sentencesWithSignsAndAccentsHaveTheSameTokens() throws IOException {
        compare(SOME);
    }

    @Test
    public void thoseOfTheStsBenchmarkHaveTheSameTokens() throws IOException {
        Path file = Path.of("..", "shared", "datasets", "stsb", "stsb-dev.csv");
        if (!Files.exists(file)) {
            throw new SkipException("no data at " + file);
        }
        List<String> sentences = new ArrayList<>();
        for (SentencePair pair : PairFile.read(file)) {
            sentences.add(pair.first());
            sentences.add(pair.second());
        }
        compare(sentences);
    }
}
