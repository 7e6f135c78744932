package dev.bonsai.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names in a graph section: words that are usual take one byte, others are told once. The order
 * of the words is part of the format.
 */
final class NameTable {

    /** New words may be added at the end only where the version of the format rises. */
    static final List<String> WORDS =
            List.of(
                    // dimensions
                    "batch",
                    "length",
                    "batch_size",
                    "sequence",
                    "sequence_length",
                    "height",
                    "width",
                    "N",
                    // inputs and outputs, also those that DJL gives to blocks
                    "input",
                    "output",
                    "x",
                    "y",
                    "data",
                    "data0",
                    "data1",
                    "data2",
                    "linearInput",
                    "tokenIds",
                    "typeIds",
                    "masks",
                    "input1",
                    "input2",
                    "output1",
                    "output2",
                    "output3",
                    "input_ids",
                    "attention_mask",
                    "token_type_ids",
                    "last_hidden_state",
                    "logits",
                    "image",
                    "images",
                    "pixel_values",
                    "embeddings",
                    "probabilities",
                    "label",
                    // attributes
                    "SAME_UPPER",
                    "SAME_LOWER",
                    "VALID",
                    "tanh",
                    "forward",
                    "reverse",
                    "bidirectional",
                    "constant",
                    "reflect",
                    "edge",
                    "nearest",
                    "linear",
                    "half_pixel",
                    "half_pixel_symmetric",
                    "pytorch_half_pixel",
                    "align_corners",
                    "asymmetric",
                    "round_prefer_floor",
                    "round_prefer_ceil",
                    "floor",
                    "ceil",
                    "stretch",
                    "not_larger",
                    "not_smaller");

    private final List<String> names = new ArrayList<>(WORDS);
    private final Map<String, Integer> numbers = new HashMap<>();
    private final MemoryBudget budget;

    NameTable(MemoryBudget budget) {
        this.budget = budget;
        WORDS.forEach(word -> numbers.put(word, numbers.size()));
    }

    void write(String name, ByteSink sink) {
        Integer number = numbers.putIfAbsent(name, numbers.size());
        if (number != null) {
            sink.varint(number + 1L);
            return;
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        budget.path(bytes.length);
        sink.varint(0);
        sink.varint(bytes.length);
        sink.bytes(bytes);
    }

    String read(ByteSource source, String what) throws BonsaiFormatException {
        int number = (int) source.varint(what, names.size());
        if (number > 0) {
            return names.get(number - 1);
        }
        byte[] bytes = source.bytes(source.count(what), what);
        budget.path(bytes.length);
        budget.check(source, what);
        try {
            String name =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            names.add(name);
            return name;
        } catch (CharacterCodingException e) {
            throw source.error("expected " + what + " in UTF-8, but it is not");
        }
    }
}
