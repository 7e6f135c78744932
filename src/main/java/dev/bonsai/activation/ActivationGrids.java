package dev.bonsai.activation;

import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.file.BonsaiModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grids that a network was trained with: what a file in integers needs in place of a
 * calibration. They travel in a section of the {@code .bonsai} file, which {@code docs/format.md}
 * describes.
 *
 * <pre>{@code
 * BonsaiModel stored = BonsaiFile.read(Path.of("model.bonsai"));
 * ActivationGrids grids = ActivationGrids.of(stored).orElseThrow();
 * }</pre>
 *
 * @param grids the grid per value, by its name in the canonical graph
 * @param floats the paths of weights whose products stay in floats
 */
public record ActivationGrids(Map<String, ActivationGrid> grids, Set<String> floats) {

    private static final char TAG = 'a';
    private static final String FLOAT = "float ";
    private static final Pattern LINE =
            Pattern.compile("grid (\\d{1,2}) (\\d+\\.\\d+(?:E-?\\d{1,2})?) (\\d{1,8}) (.+)");

    /** Copies both. */
    public ActivationGrids {
        grids = Collections.unmodifiableMap(new LinkedHashMap<>(grids));
        floats = Collections.unmodifiableSet(new LinkedHashSet<>(floats));
    }

    /**
     * Returns a model with these grids in its file.
     *
     * @param model a model
     * @return the model with the section, in place of one that it had
     */
    public BonsaiModel addTo(BonsaiModel model) {
        StringBuilder text = new StringBuilder();
        grids.forEach(
                (name, grid) ->
                        text.append("grid ")
                                .append(grid.bits())
                                .append(' ')
                                .append(grid.scale())
                                .append(' ')
                                .append(grid.zeroPoint())
                                .append(' ')
                                .append(oneLine(name))
                                .append('\n'));
        floats.forEach(path -> text.append(FLOAT).append(oneLine(path)).append('\n'));
        List<BonsaiModel.Extra> extras = new ArrayList<>(model.extras());
        extras.removeIf(extra -> extra.tag() == TAG);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        extras.add(new BonsaiModel.Extra(TAG, bytes));
        return new BonsaiModel(model.weights(), model.inputShapes(), model.graph(), extras);
    }

    private static String oneLine(String name) {
        return name.replaceAll("\\R", " ");
    }

    /**
     * Reads the grids of a model.
     *
     * @param model the model
     * @return its grids; empty if it was not trained with rounded activations
     * @throws IllegalArgumentException if the section can't be understood
     */
    public static Optional<ActivationGrids> of(BonsaiModel model) {
        return model.extras().stream()
                .filter(extra -> extra.tag() == TAG)
                .findFirst()
                .map(extra -> read(new String(extra.bytes(), StandardCharsets.UTF_8)));
    }

    private static ActivationGrids read(String text) {
        Map<String, ActivationGrid> grids = new LinkedHashMap<>();
        Set<String> floats = new LinkedHashSet<>();
        for (String line : text.lines().toList()) {
            Matcher parts = LINE.matcher(line);
            if (line.startsWith(FLOAT)) {
                floats.add(line.substring(FLOAT.length()));
            } else if (parts.matches()) {
                grids.put(
                        parts.group(4),
                        new ActivationGrid(
                                Integer.parseInt(parts.group(1)),
                                Float.parseFloat(parts.group(2)),
                                Integer.parseInt(parts.group(3))));
            } else {
                throw new IllegalArgumentException(
                        "A line of the section 'a' is 'grid', bits, a scale, a zero point and a"
                                + " name, or 'float' and a path, but got '"
                                + line
                                + "': write the file again");
            }
        }
        return new ActivationGrids(grids, floats);
    }
}
