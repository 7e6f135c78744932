package dev.bonsai.onnx;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Word pieces of lower-case English sentences, by the vocabulary beside all-MiniLM-L6-v2. */
final class WordPieces {

    private static final String FILE = "/all-minilm-l6-v2-tokenizer.json";

    private final JsonObject vocabulary;

    WordPieces() {
        vocabulary =
                JsonParser.parseReader(
                                new InputStreamReader(
                                        WordPieces.class.getResourceAsStream(FILE),
                                        StandardCharsets.UTF_8))
                        .getAsJsonObject()
                        .getAsJsonObject("model")
                        .getAsJsonObject("vocab");
    }

    /** Returns the numbers of the pieces, between those of the start and the end. */
    List<Long> numbers(String sentence) {
        List<Long> numbers = new ArrayList<>();
        numbers.add(number("[CLS]"));
        for (String word :
                sentence.toLowerCase(Locale.ROOT)
                        .split("\\s+|(?=\\p{Punct})|(?<=\\p{Punct})", -1)) {
            if (!word.isEmpty()) {
                pieces(word, numbers);
            }
        }
        numbers.add(number("[SEP]"));
        return numbers;
    }

    /** The longest piece that is known comes first, again and again. */
    private void pieces(String word, List<Long> numbers) {
        int from = 0;
        while (from < word.length()) {
            int to = word.length();
            while (to > from && !vocabulary.has(piece(word, from, to))) {
                --to;
            }
            if (to == from) {
                numbers.add(number("[UNK]"));
                return;
            }
            numbers.add(number(piece(word, from, to)));
            from = to;
        }
    }

    private static String piece(String word, int from, int to) {
        return (from == 0 ? "" : "##") + word.substring(from, to);
    }

    private long number(String piece) {
        return vocabulary.get(piece).getAsLong();
    }
}
