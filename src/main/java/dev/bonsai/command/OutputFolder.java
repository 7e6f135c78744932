package dev.bonsai.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;

/** The folder that a command writes to: whether it can be written to is known before any work. */
public final class OutputFolder {

    /** The file systems in use take 255 bytes, and what is behind the name needs some of them. */
    private static final int LONGEST_NAME = 200;

    private OutputFolder() {}

    /**
     * Prepares what {@code --out} names.
     *
     * @param folder the folder
     * @param files the names of the files that will be written
     * @return the folder
     * @throws InputException if it is no folder or not writable, or a file can't be replaced
     */
    public static Path prepare(Path folder, String... files) {
        return prepare("--out", folder, files);
    }

    /**
     * Makes a folder, if need be, and tries out whether files can be written there.
     *
     * @param option what names the folder, for messages
     * @param folder the folder
     * @param files the names of the files that will be written
     * @return the folder
     * @throws InputException if it is no folder or not writable, or a file can't be replaced
     */
    public static Path prepare(String option, Path folder, String... files) {
        try {
            if (!Files.isDirectory(folder)) { // createDirectories refuses a link to a folder
                Files.createDirectories(folder);
            }
            Files.delete(Files.createTempFile(folder, ".probe", ""));
        } catch (IOException e) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a folder that can be written to, but %s is none (%s):"
                                    + " take another folder, or let this one be written to",
                            option,
                            folder,
                            e),
                    e);
        }
        for (String name : files) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && !(Files.isRegularFile(file) && Files.isWritable(file))) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "%s: expected %s to be a file that can be replaced, but it is"
                                        + " not: remove it, or take another folder",
                                option,
                                file));
            }
        }
        return folder;
    }

    /**
     * Returns a name that every file system takes, made from any text: of a long one the beginning
     * and a checksum of all.
     *
     * @param text the text
     * @return letters, digits and {@code ._=-}
     */
    public static String fileName(String text) {
        String name = text.replaceAll("[^A-Za-z0-9._=-]+", "-");
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        long sum =
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .getMostSignificantBits();
        String rest = String.format(Locale.ROOT, "-%016x", sum);
        return name.substring(0, LONGEST_NAME - rest.length()) + rest;
    }
}
