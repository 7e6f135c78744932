package dev.bonsai.examples.sentence;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Cuts sentences into the numbered tokens that a model knows. */
public final class Tokens implements AutoCloseable {

    /** The positions that the model knows. */
    private static final String MOST = "512";

    private final HuggingFaceTokenizer tokenizer;

    private Tokens(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Makes what cuts sentences.
     *
     * @param json the content of a {@code tokenizer.json}
     * @return what is to be closed
     * @throws IOException if it is none
     */
    public static Tokens of(byte[] json) throws IOException {
        Map<String, String> options =
                Map.of("padding", "false", "truncation", "true", "maxLength", MOST);
        return new Tokens(
                HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
    }

    /**
     * Cuts a sentence.
     *
     * @param sentence the sentence
     * @return the numbers of its tokens between those of its start and its end; at most 512 in all
     */
    public long[] of(String sentence) {
        return tokenizer.encode(sentence).getIds();
    }

    /**
     * Cuts sentences.
     *
     * @param sentences the sentences
     * @return the numbers of the tokens of each
     */
    public List<long[]> of(List<String> sentences) {
        return sentences.stream().map(this::of).toList();
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        tokenizer.close();
    }
}
