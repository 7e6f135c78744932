package dev.bonsai.examples.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reads and writes the four IDX files that MNIST and its relatives come in. */
final class IdxFolder {

    private static final String IMAGES = "-images-idx3-ubyte";
    private static final String LABELS = "-labels-idx1-ubyte";
    private static final String GZIP = ".gz";

    private IdxFolder() {}

    static ImageData read(String name, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(
                    folder + " is no folder; a folder with the four IDX files of MNIST is needed");
        }
        return new ImageData(
                name, folder.toString(), readSet(folder, "train"), readSet(folder, "t10k"));
    }

    static void write(Path folder, ImageSet training, ImageSet testing) throws IOException {
        Files.createDirectories(folder);
        writeSet(folder, "train", training);
        writeSet(folder, "t10k", testing);
    }

    private static ImageSet readSet(Path folder, String part) {
        Path imageFile = find(folder, part + IMAGES);
        Path labelFile = find(folder, part + LABELS);
        byte[] pixels = IdxFile.readImages(imageFile);
        byte[] labels = IdxFile.readLabels(labelFile);
        int images = pixels.length / ImageFormat.MNIST.size();
        if (images != labels.length) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s holds %,d images, but %s %,d labels: they do not belong together",
                            imageFile,
                            images,
                            labelFile.getFileName(),
                            labels.length));
        }
        try {
            return new ImageSet(ImageKind.MNIST, pixels, labels);
        } catch (DataException e) {
            throw new DataException(labelFile + ": " + e.getMessage(), e);
        }
    }

    private static Path find(Path folder, String name) {
        String dotted = name.replace("-idx", ".idx");
        return List.of(name, name + GZIP, dotted, dotted + GZIP).stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(
                        () ->
                                new DataException(
                                        String.format(
                                                Locale.ROOT,
                                                "%s is missing; plain, with %s, or as %s would do",
                                                folder.resolve(name),
                                                GZIP,
                                                dotted)));
    }

    private static void writeSet(Path folder, String part, ImageSet images) throws IOException {
        IdxFile.writeImages(folder.resolve(part + IMAGES + GZIP), images.pixels());
        IdxFile.writeLabels(folder.resolve(part + LABELS + GZIP), images.labels());
    }
}
