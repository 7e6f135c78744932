package dev.bonsai.checkpoint;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one training: a file each, of which the last two are kept, so that there is
 * one to go on from whenever the process ends.
 *
 * @param folder where they are
 */
public record CheckpointFolder(Path folder) {

    private static final Logger logger = LoggerFactory.getLogger(CheckpointFolder.class);

    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})\\.state");

    /**
     * Opens the newest checkpoint that is whole; one that is not is passed over with a warning.
     *
     * @return its reader, to be closed; empty if there is none
     * @throws IOException if the folder can't be read, or there are only damaged ones
     */
    public Optional<StateFileReader> newest() throws IOException {
        Optional<StateFileException> damaged = Optional.empty();
        for (Path file : newestFirst()) {
            try {
                return Optional.of(StateFileReader.open(file));
            } catch (StateFileException e) {
                logger.warn("A checkpoint can't be used: {}", e.getMessage());
                damaged = damaged.or(() -> Optional.of(e));
            }
        }
        if (damaged.isPresent()) {
            throw damaged.get();
        }
        return Optional.empty();
    }

    /**
     * Writes a checkpoint behind all that are there, whole or not at all, and removes those that
     * are no longer needed.
     *
     * @param writer holds what the root refers to
     * @param root what it is to hold
     * @return the file
     * @throws IOException if it can't be written; the earlier ones are as they were
     */
    public Path write(StateFileWriter writer, JsonObject root) throws IOException {
        if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
            Files.createDirectories(folder);
        }
        List<Path> earlier = newestFirst();
        long number = earlier.isEmpty() ? 1 : number(earlier.get(0)) + 1;
        Path file = folder.resolve(String.format(Locale.ROOT, "checkpoint-%06d.state", number));
        writer.write(file, root);
        for (Path old : earlier.subList(Math.min(KEPT - 1, earlier.size()), earlier.size())) {
            Files.deleteIfExists(old);
        }
        return file;
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(CheckpointFolder::number).reversed())
                    .toList();
        }
    }

    private static long number(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }
}
