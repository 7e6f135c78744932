package dev.bonsai.runtime;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a class file names in its constants.
 *
 * @param texts the texts, names of methods among them
 * @param types the types, as {@code java/util/List}
 */
record ClassFile(List<String> texts, Set<String> types) {

    private static final Pattern NAMED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

    static ClassFile of(byte[] file) throws IOException {
        List<Integer> classes = new ArrayList<>();
        String[] texts = constants(file, classes);
        Set<String> types = new TreeSet<>();
        for (int at : classes) {
            if (!texts[at].startsWith("[")) {
                types.add(texts[at]);
            }
        }
        List<String> all = new ArrayList<>(List.of(texts));
        all.removeIf(String::isEmpty);
        for (String text : all) {
            if (text.matches("[(\\[L<].*")) {
                Matcher matcher = NAMED.matcher(text);
                while (matcher.find()) {
                    types.add(matcher.group(1));
                }
            }
        }
        return new ClassFile(all, types);
    }

    /** Returns the texts by their places, and adds the places of those that name types. */
    private static String[] constants(byte[] file, List<Integer> classes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
            in.skipNBytes(8);
            String[] texts = new String[in.readUnsignedShort()];
            for (int i = 1; i < texts.length; ++i) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 7 -> classes.add(in.readUnsignedShort());
                    case 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        ++i; // a long or a double takes two places
                    }
                    default -> throw new IOException("tag " + tag);
                }
            }
            for (int i = 0; i < texts.length; ++i) {
                texts[i] = Objects.requireNonNullElse(texts[i], "");
            }
            return texts;
        }
    }
}
