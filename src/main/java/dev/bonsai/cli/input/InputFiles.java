package dev.bonsai.cli.input;

import dev.bonsai.command.InputException;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.npy.NpyFile;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads what a model is given: {@code .npy} arrays, {@code .csv} tables, pictures, and folders of
 * them. A model of several inputs takes a file for each, in its order or as NAME=FILE, or a folder
 * with NAME.npy for each.
 */
public final class InputFiles {

    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "bmp");

    private final List<Slot> slots;
    private final PixelOptions pixels;

    /**
     * Prepares the reading for a model.
     *
     * @param graph the model
     * @param pixels what it sees of pixels
     * @throws InputException if it takes what no file can give
     */
    public InputFiles(Graph graph, PixelOptions pixels) {
        slots = graph.inputs().stream().map(Slot::new).toList();
        this.pixels = pixels;
    }

    /**
     * Reads files.
     *
     * @param files what the user has written
     * @return at least one sample
     * @throws InputException if they don't fit the model; the message says what does
     * @throws IOException if one can't be read
     */
    public List<Sample> read(List<String> files) throws IOException {
        if (slots.size() == 1) {
            List<Row> rows = new ArrayList<>();
            for (String file : files) {
                rows.addAll(rows(slots.get(0), named(file).getOrDefault(name(0), Path.of(file))));
            }
            return samples(List.of(rows), files);
        }
        List<Path> each = filePerInput(files);
        List<List<Row>> rows = new ArrayList<>();
        for (int i = 0; i < slots.size(); ++i) {
            rows.add(rows(slots.get(i), each.get(i)));
        }
        return samples(rows, files);
    }

    private String name(int slot) {
        return slots.get(slot).input().name();
    }

    /** Returns the file of NAME=FILE by its name, if there is such an input. */
    private Map<String, Path> named(String file) {
        for (int i = 0; i < slots.size(); ++i) {
            if (file.startsWith(name(i) + "=")) {
                return Map.of(name(i), Path.of(file.substring(name(i).length() + 1)));
            }
        }
        return Map.of();
    }

    private List<Path> filePerInput(List<String> files) {
        Map<String, Path> found = new LinkedHashMap<>();
        files.forEach(file -> found.putAll(named(file)));
        if (found.isEmpty() && files.size() == slots.size()) {
            return files.stream().map(Path::of).toList();
        }
        if (found.isEmpty() && files.size() == 1 && Files.isDirectory(Path.of(files.get(0)))) {
            Path folder = Path.of(files.get(0));
            return slots.stream()
                    .map(slot -> folder.resolve(slot.input().name() + ".npy"))
                    .toList();
        }
        List<String> names = slots.stream().map(Slot::input).map(Input::name).toList();
        if (found.size() != files.size() || !found.keySet().containsAll(names)) {
            throw new InputException(
                    "The model takes "
                            + slots.stream().map(Slot::input).toList()
                            + ", but got "
                            + files
                            + ": give a file per input, as NAME=FILE or in this order, or a folder"
                            + " with NAME.npy for each");
        }
        return names.stream().map(found::get).toList();
    }

    private List<Row> rows(Slot slot, Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return pictures(slot, file);
        }
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "There is no file " + file + ": expected an .npy or .csv file, or a picture");
        }
        String ending = ending(file);
        if (ending.equals("npy")) {
            return slot.rows(file.getFileName().toString(), Tensor.of(NpyFile.read(file)));
        }
        if (ending.equals("csv")) {
            return new CsvFile(file, slot).rows();
        }
        if (PICTURES.contains(ending)) {
            return List.of(new ImageFile(file, slot, pixels).row());
        }
        throw new InputException(
                file + ": expected a name that ends in .npy, .csv, .png, .jpg, .gif or .bmp");
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private List<Row> pictures(Slot slot, Path folder) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> !f.getFileName().toString().startsWith("."))
                            .sorted()
                            .toList()) {
                if (!PICTURES.contains(ending(file))) {
                    throw new InputException(
                            folder
                                    + ": expected a folder with pictures alone, but "
                                    + file.getFileName()
                                    + " is none");
                }
                rows.add(new ImageFile(file, slot, pixels).row());
            }
        }
        return rows;
    }

    /** Puts the samples of each run together. */
    private List<Sample> samples(List<List<Row>> rows, List<String> files) {
        int count = rows.get(0).size() / slots.get(0).perRun();
        for (int i = 0; i < rows.size(); ++i) {
            int perRun = slots.get(i).perRun();
            if (rows.get(i).size() != count * perRun || count == 0) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "%s: %d samples for %s, but each run of the model takes %d: give"
                                        + " whole runs, and as many for each input",
                                String.join(", ", files),
                                rows.get(i).size(),
                                slots.get(i).input(),
                                perRun));
            }
        }
        List<Sample> samples = new ArrayList<>(count);
        for (int run = 0; run < count; ++run) {
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < rows.size(); ++i) {
                int perRun = slots.get(i).perRun();
                inputs.add(slots.get(i).run(rows.get(i).subList(run * perRun, (run + 1) * perRun)));
            }
            samples.add(new Sample(rows.get(0).get(run * slots.get(0).perRun()).name(), inputs));
        }
        return samples;
    }
}
