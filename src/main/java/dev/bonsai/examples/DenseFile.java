package dev.bonsai.examples;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.bonsai.command.InputException;
import dev.bonsai.examples.data.Fingerprint;
import dev.bonsai.examples.data.ImageFormat;
import dev.bonsai.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The dense network that a command leaves in its folder: DJL's parameters, and beside them what
 * they were trained on, so that none is taken for another.
 */
final class DenseFile {

    static final String PARAMETERS = "dense-0000.params";
    static final String ORIGIN = "dense.json";

    /** Many times what is ever written. */
    private static final long MOST_BYTES_OF_ORIGIN = 65_536;

    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

    private final Path folder;

    DenseFile(Path folder) {
        this.folder = folder;
    }

    /**
     * The file beside the parameters.
     *
     * @param origin what they were trained on
     * @param bytes the length of the parameter file
     * @param sha256 its checksum
     */
    private record Stored(DenseOrigin origin, long bytes, String sha256) {}

    Path parameters() {
        return folder.resolve(PARAMETERS);
    }

    /** Tells whether a run has left a dense network here, whole or damaged. */
    boolean exists() {
        return Files.exists(parameters()) && Files.exists(folder.resolve(ORIGIN));
    }

    /** Says what parameters that were just put into place were trained on. */
    void write(DenseOrigin origin) throws IOException {
        Stored stored = new Stored(origin, Files.size(parameters()), checksum());
        byte[] json = (JSON.toJson(stored) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(folder.resolve(ORIGIN), json);
    }

    /** Has parameters that are about to be replaced belong to nothing. */
    void forget() throws IOException {
        Files.deleteIfExists(folder.resolve(ORIGIN));
    }

    /**
     * Reads what the network was trained on.
     *
     * @param option what names the folder, for messages
     * @throws InputException if there is no such network, or its files are damaged
     */
    DenseOrigin origin(String option) {
        Stored stored = stored(option);
        try {
            if (Files.size(parameters()) != stored.bytes() || !checksum().equals(stored.sha256())) {
                throw damaged(option, PARAMETERS + " is not the file that was written");
            }
        } catch (IOException e) {
            throw damaged(option, e.toString());
        }
        return stored.origin();
    }

    private Stored stored(String option) {
        if (!exists()) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected the --out of an earlier run, but %s does not hold both"
                                    + " %s and %s: take another folder",
                            option,
                            folder,
                            PARAMETERS,
                            ORIGIN));
        }
        Path file = folder.resolve(ORIGIN);
        try {
            if (Files.size(file) > MOST_BYTES_OF_ORIGIN) {
                throw damaged(option, ORIGIN + " is far too long");
            }
            Stored stored = JSON.fromJson(Files.readString(file), Stored.class);
            if (stored == null || stored.sha256() == null || stored.origin() == null) {
                throw damaged(option, ORIGIN + " lacks a value");
            }
            return stored;
        } catch (IOException | JsonParseException | IllegalArgumentException e) {
            throw damaged(option, e.toString());
        }
    }

    /**
     * Fills a new model with the parameters.
     *
     * @param images what the network takes
     * @throws InputException if they are not those of the model's block
     */
    void load(Model model, ImageFormat images, String option) {
        // DJL can't save a block that was loaded but never initialised
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, images.shape(1));
        try {
            model.load(folder, "dense");
        } catch (MalformedModelException | IOException | RuntimeException e) {
            throw damaged(option, e.toString());
        }
    }

    private InputException damaged(String option, String what) {
        return new InputException(
                String.format(
                        Locale.ROOT,
                        "%s: the dense network in %s can't be used: %s. Delete %s there to have one"
                                + " trained, or take another folder",
                        option,
                        folder,
                        what,
                        ORIGIN));
    }

    /**
     * Compares an origin that was found with the one that a run needs.
     *
     * @param option what names the folder, for messages
     * @throws InputException if they differ; the message says in what
     */
    void require(String option, DenseOrigin found, DenseOrigin needed) {
        Optional<String> differs = found.differences(needed);
        if (differs.isPresent()) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: the dense network in %s is that of another run: %s. Use it as it"
                                    + " was made, delete %s there to have one trained, or take"
                                    + " another folder",
                            option,
                            folder,
                            differs.get(),
                            ORIGIN));
        }
    }

    private String checksum() throws IOException {
        MessageDigest digest = Fingerprint.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(parameters()), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
