package dev.bonsai;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.NamedWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the parameters of a file with those of a block, and names the first differences. */
final class ArchitectureCheck {

    private static final int NAMED = 3;
    private static final int LONGEST = 100;
    private static final String NOTHING = "nothing";

    private ArchitectureCheck() {}

    /** Compares paths and shapes, in their order. */
    static void compare(List<NamedWeight> file, List<TargetWeight> block) {
        int count = Math.max(file.size(), block.size());
        List<String> differences = new ArrayList<>();
        int different = 0;
        for (int i = 0; i < count; ++i) {
            String expected = i < file.size() ? text(file.get(i)) : NOTHING;
            String found = i < block.size() ? block.get(i).toString() : NOTHING;
            if (!expected.equals(found)) {
                ++different;
                if (differences.size() < NAMED) {
                    differences.add(difference(i, expected, found));
                }
            }
        }
        if (different > 0) {
            throw refusal(different + " of " + count + " parameters differ", differences);
        }
    }

    /** Compares what a block tells before it is initialised: its paths. */
    static void compareUninitialised(List<NamedWeight> file, List<TargetWeight> block) {
        Set<String> stored = file.stream().map(NamedWeight::path).collect(Collectors.toSet());
        Set<String> asked = block.stream().map(TargetWeight::path).collect(Collectors.toSet());
        List<String> unknown = asked.stream().filter(p -> !stored.contains(p)).sorted().toList();
        List<String> unused = stored.stream().filter(p -> !asked.contains(p)).sorted().toList();
        if (!unknown.isEmpty()) { // a block may add some when it is initialised
            throw refusal(
                    String.format(
                            Locale.ROOT,
                            "%d of the block's %d parameters are not in the file, and %d of the"
                                    + " file's %d not in the block",
                            unknown.size(),
                            block.size(),
                            unused.size(),
                            file.size()),
                    List.of("the block has " + named(unknown), "the file has " + named(unused)));
        }
    }

    private static String named(List<String> paths) {
        return paths.isEmpty()
                ? NOTHING
                : paths.stream()
                        .limit(NAMED)
                        .map(ArchitectureCheck::cut)
                        .collect(Collectors.joining(", "));
    }

    /** Compares the shape of one parameter before memory is taken for it. */
    static void compare(NamedWeight file, Shape shape) {
        if (!shape.equals(shape(file))) {
            throw refusal(
                    "its shapes differ", List.of(difference(text(file), file.path() + shape)));
        }
    }

    static Shape shape(NamedWeight weight) {
        return Tensors.shape(weight.value().shape());
    }

    private static String text(NamedWeight weight) {
        return weight.path() + shape(weight);
    }

    private static String difference(int index, String expected, String found) {
        return "parameter " + index + ": " + difference(expected, found);
    }

    private static String difference(String expected, String found) {
        return "the file has " + cut(expected) + ", the block has " + cut(found);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private static IllegalArgumentException refusal(String problem, List<String> first) {
        return new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The block is not of the architecture that the file was made from: %s."
                                + " First: %s. Give a block that is built as the trained one was;"
                                + " a model with channels taken out has a block of its own, of"
                                + " toModel or toBlock",
                        problem,
                        String.join("; ", first)));
    }
}
