package dev.bonsai.kernel;

import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.EarlierRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The section of a file that tells how far a training has taken the model. {@code docs/format.md}
 * describes it.
 */
public final class RunSection {

    private static final char TAG = 'r';
    private static final String REFERENCE = "reference";
    private static final String LEVEL = "level";
    private static final Pattern LINE =
            Pattern.compile("(reference|level) (NaN|-?Infinity|-?\\d+\\.\\d+(?:E-?\\d+)?) (.*)");

    private RunSection() {}

    /**
     * Adds the section to a model.
     *
     * @param model the model
     * @param run how far it has come
     * @return the model with the section, in place of one that it had
     */
    public static BonsaiModel with(BonsaiModel model, EarlierRun run) {
        StringBuilder text = new StringBuilder();
        run.references().forEach((name, value) -> line(text, REFERENCE, value, name));
        run.levels().forEach((name, value) -> line(text, LEVEL, value, name));
        List<BonsaiModel.Extra> extras = new ArrayList<>(model.extras());
        extras.removeIf(extra -> extra.tag() == TAG);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        extras.add(new BonsaiModel.Extra(TAG, bytes));
        return new BonsaiModel(model.weights(), model.inputShapes(), model.graph(), extras);
    }

    private static void line(StringBuilder text, String what, double value, String name) {
        text.append(what).append(' ').append(value).append(' ');
        text.append(name.replaceAll("\\R", " ")).append('\n');
    }

    /**
     * Reads the section of a model.
     *
     * @param model the model
     * @return how far it had come; empty if the file does not tell
     * @throws IllegalArgumentException if the section can't be understood
     */
    public static Optional<EarlierRun> of(BonsaiModel model) {
        return model.extras().stream()
                .filter(extra -> extra.tag() == TAG)
                .findFirst()
                .map(extra -> run(new String(extra.bytes(), StandardCharsets.UTF_8)));
    }

    private static EarlierRun run(String text) {
        Map<String, Double> references = new LinkedHashMap<>();
        Map<String, Double> levels = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "A line of the section 'r' is 'reference' or 'level', a number and a name,"
                                + " but got '"
                                + line
                                + "': write the file again with saveForTraining");
            }
            Map<String, Double> facts = parts.group(1).equals(LEVEL) ? levels : references;
            facts.put(parts.group(3), Double.valueOf(parts.group(2)));
        }
        return new EarlierRun(references, levels);
    }
}
