package dev.bonsai.examples;

import ai.djl.training.Trainer;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import dev.bonsai.Checkpoint;
import dev.bonsai.CompressedModel;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.command.InputException;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.file.BonsaiFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that {@code --checkpoints} names: the checkpoints of one compression, and beside them
 * what it depends on, so that none goes on with those of another.
 */
final class RunFolder {

    static final String FACTS = "run.json";
    static final String STATES = "states";
    static final String FINISHED = "finished.bonsai";

    private static final String OPTION = "--checkpoints";

    /** Many times what is ever written. */
    private static final long MOST_BYTES_OF_FACTS = 65_536;

    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();
    private static final TypeToken<Map<String, String>> TEXTS = new TypeToken<>() {};

    private final Path folder;
    private final Path states;

    private RunFolder(Path folder) {
        this.folder = folder;
        states = folder.resolve(STATES);
    }

    /**
     * Makes the folder, if need be.
     *
     * @throws InputException if it can't be written to
     */
    static RunFolder prepare(Path folder) {
        RunFolder run = new RunFolder(OutputFolder.prepare(OPTION, folder, FACTS));
        OutputFolder.prepare(OPTION, run.states);
        return run;
    }

    /**
     * Has the folder be that of a run: from now on if there is no checkpoint yet, or it was before.
     *
     * @param facts all that the run depends on
     * @throws InputException if it is that of another
     */
    void belongTo(Map<String, ?> facts) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        facts.forEach((name, value) -> texts.put(name, value.toString()));
        if (!hasStates()) { // so that no stage has ended
            Files.deleteIfExists(folder.resolve(FINISHED));
            forgetStages();
            byte[] json = (JSON.toJson(texts) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFile.replace(folder.resolve(FACTS), json);
            return;
        }
        Optional<String> differs = Facts.differences(read(), texts);
        if (differs.isPresent()) {
            throw refused("are those of another run: " + differs.get());
        }
    }

    /** What later stages of an earlier run have left would be gone on with. */
    private void forgetStages() throws IOException {
        for (int number = 1; Files.isDirectory(stageFolder(number)); ++number) {
            RunFolder stage = new RunFolder(stageFolder(number));
            Files.deleteIfExists(stage.folder.resolve(FINISHED));
            if (Files.isDirectory(stage.states)) {
                try (Stream<Path> files = Files.list(stage.states)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private boolean hasStates() throws IOException {
        try (Stream<Path> files = Files.list(states)) {
            return files.findAny().isPresent();
        }
    }

    private Map<String, String> read() {
        Path file = folder.resolve(FACTS);
        try {
            if (Files.size(file) <= MOST_BYTES_OF_FACTS) {
                Map<String, String> facts = JSON.fromJson(Files.readString(file), TEXTS);
                if (facts != null && !facts.isEmpty()) {
                    return facts;
                }
            }
        } catch (IOException | JsonParseException e) {
            throw refused("can't be used: " + FACTS + " is damaged or gone: " + e);
        }
        throw refused("can't be used: " + FACTS + " is damaged");
    }

    private InputException refused(String what) {
        return new InputException(
                String.format(
                        Locale.ROOT,
                        "%s: the checkpoints in %s %s. Start the command as it was, or take another"
                                + " folder to begin anew",
                        OPTION,
                        folder,
                        what));
    }

    /** Returns the folder of a stage of the run, of which the first is number 0. */
    RunFolder stage(int number) {
        return number == 0 ? this : prepare(stageFolder(number));
    }

    private Path stageFolder(int number) {
        return folder.resolve("stage-" + (number + 1));
    }

    /** Writes down what a stage has left. */
    void finish(CompressedModel model) throws IOException {
        model.saveForTraining(folder.resolve(FINISHED));
    }

    /**
     * Returns what this stage has left; empty if it has not ended.
     *
     * @throws InputException if the file is damaged
     */
    Optional<CompressedModel> finished() throws IOException {
        Path file = folder.resolve(FINISHED);
        try {
            return Files.exists(file) ? Optional.of(CompressedModel.load(file)) : Optional.empty();
        } catch (BonsaiFormatException e) {
            throw refused("can't be used: " + FINISHED + " is damaged: " + e.getMessage());
        }
    }

    /** Returns the checkpoints of a training with this optimizer. */
    Checkpoint checkpoint(ResumableOptimizer optimizer) {
        return Checkpoint.in(states).withOptimizer(optimizer);
    }

    /**
     * Has a trainer go on from the newest checkpoint.
     *
     * @return the epochs that are behind it
     * @throws InputException if the checkpoint can't be used
     */
    static int resume(Checkpoint checkpoint, Trainer trainer, int epochs) {
        try {
            return epochs - checkpoint.epochsLeft(trainer, epochs);
        } catch (IllegalStateException | UncheckedIOException e) {
            throw new InputException(OPTION + ": " + e.getMessage(), e);
        }
    }
}
