package dev.bonsai.examples.data;

import ai.djl.repository.Repository;
import dev.bonsai.text.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** A data set that the examples know by name. */
public enum DataSource {
    /** MNIST where DJL's cache has it or it can be downloaded, and else {@link #DIGITS}. */
    AUTO,
    /** MNIST: 70,000 handwritten digits, through DJL. */
    MNIST,
    /** Fashion-MNIST: 70,000 pieces of clothing, through DJL. */
    FASHION_MNIST,
    /** The 7,000 drawn digits that come with the project, in {@code datasets/digits}. */
    DIGITS,
    /** CIFAR-10: 60,000 photographs of 32x32 pixels in colour, through DJL. */
    CIFAR_10;

    /** The bundled data set, seen from the root of a checkout. */
    static final Path BUNDLED = Path.of("datasets", "digits");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Finds the data set that a user names.
     *
     * @param id the name, in upper or lower case, such as {@code fashion-mnist}
     * @return the data set
     * @throws IllegalArgumentException if there is no such data set; the message lists all
     */
    public static DataSource parse(String id) {
        return Names.find("data set", DataSource.class, id);
    }

    /**
     * Returns the name that {@link #parse} takes.
     *
     * @return the name, in lower case
     */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads the data set. A download that stands still for ten seconds is given up.
     *
     * @return the data; its {@link ImageData#describe()} says what {@link #AUTO} chose and why
     * @throws DataException if the data set is not to be had; the message is one line
     */
    public ImageData load() {
        return load(new CacheFirstRepository(), PATIENCE, BUNDLED);
    }

    ImageData load(Repository repository, Duration patience, Path bundled) {
        return switch (this) {
            case MNIST -> DjlArchive.MNIST.load(repository, patience);
            case FASHION_MNIST -> DjlArchive.FASHION_MNIST.load(repository, patience);
            case DIGITS -> digits(bundled);
            case CIFAR_10 -> DjlArchive.CIFAR_10.load(repository, patience);
            case AUTO -> {
                try {
                    yield DjlArchive.MNIST.load(repository, patience);
                } catch (DataException e) {
                    yield digits(bundled).withNote(e.getMessage());
                }
            }
        };
    }

    private static ImageData digits(Path bundled) {
        if (!Files.isDirectory(bundled)) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "The bundled data set is not at %s: run in the root of a checkout, or"
                                    + " pass --data with a folder of four IDX files",
                            bundled.toAbsolutePath()));
        }
        return IdxFolder.read(DIGITS.id(), bundled);
    }

    @Override
    public String toString() {
        return id();
    }
}
