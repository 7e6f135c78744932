package dev.bonsai.examples.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads CIFAR-10 from two zip files of JPEG images, {@code cifar10-train.zip} and {@code
 * cifar10-test.zip}, each with a folder for each class that bears its name.
 *
 * <p>The images come class by class, and by the names of their files within a class.
 */
final class ZippedFolders {

    static final String TRAINING = "cifar10-train.zip";
    static final String TEST = "cifar10-test.zip";

    /** The classes of CIFAR-10 in the order of its labels. */
    static final List<String> CLASSES =
            List.of(
                    "airplane",
                    "automobile",
                    "bird",
                    "cat",
                    "deer",
                    "dog",
                    "frog",
                    "horse",
                    "ship",
                    "truck");

    /** Copies with losses are other images than the originals, and are not called by their name. */
    private static final String NAME = "CIFAR-10 (JPEG)";

    /** Many times what an image of 32x32 pixels takes. */
    private static final int MOST_BYTES_OF_IMAGE = 65_536;

    private static final ImageFormat FORMAT = ImageFormat.CIFAR;

    private ZippedFolders() {}

    /** Tells whether a folder is meant to hold the zip files, be it one of them only. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(TRAINING)) || Files.exists(folder.resolve(TEST));
    }

    static ImageData read(Path folder) {
        return new ImageData(
                NAME,
                folder.toString(),
                readSet(folder.resolve(TRAINING)),
                readSet(folder.resolve(TEST)));
    }

    private static ImageSet readSet(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(
                    String.format(
                            Locale.ROOT,
                            "%s is missing; %s and %s are needed side by side",
                            file,
                            TRAINING,
                            TEST));
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return readSet(file, zip);
        } catch (IOException e) {
            throw new DataException(file + " is a broken zip file: " + e.getMessage(), e);
        }
    }

    private static ImageSet readSet(Path file, ZipFile zip) throws IOException {
        TreeMap<String, ZipEntry> images = new TreeMap<>();
        zip.stream()
                .filter(entry -> !entry.isDirectory())
                .forEach(entry -> images.put(entry.getName(), entry));
        byte[] labels = labels(file, List.copyOf(images.keySet()));
        byte[] pixels = new byte[Math.multiplyExact(labels.length, FORMAT.size())];
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try {
            int offset = 0;
            for (ZipEntry image : images.values()) {
                try {
                    decode(reader, bytes(zip, image), pixels, offset);
                } catch (IOException | RuntimeException e) { // the decoder throws of either kind
                    throw new DataException(
                            String.format(
                                    Locale.ROOT,
                                    "%s: %s is no JPEG image of %s: %s",
                                    file,
                                    image.getName(),
                                    FORMAT,
                                    e.getMessage()),
                            e);
                }
                offset += FORMAT.size();
            }
        } finally {
            reader.dispose();
        }
        return new ImageSet(ImageKind.CIFAR, pixels, labels);
    }

    /** Returns the label of each file by the folder it is in; each class has to have one. */
    private static byte[] labels(Path file, List<String> names) {
        byte[] labels = new byte[names.size()];
        boolean[] seen = new boolean[CLASSES.size()];
        for (int i = 0; i < labels.length; ++i) {
            String name = names.get(i);
            int label = CLASSES.indexOf(name.substring(0, Math.max(0, name.lastIndexOf('/'))));
            if (label < 0) {
                throw new DataException(
                        String.format(
                                Locale.ROOT,
                                "%s: %s is in none of the folders %s",
                                file,
                                name,
                                String.join(", ", CLASSES)));
            }
            labels[i] = (byte) label;
            seen[label] = true;
        }
        for (int label = 0; label < seen.length; ++label) {
            if (!seen[label]) {
                throw new DataException(
                        String.format(
                                Locale.ROOT,
                                "%s has no image in a folder '%s'; each of %s is needed",
                                file,
                                CLASSES.get(label),
                                String.join(", ", CLASSES)));
            }
        }
        return labels;
    }

    /** Returns the bytes of a file, which Java's own reader does not compare with their sum. */
    private static byte[] bytes(ZipFile zip, ZipEntry image) throws IOException {
        try (InputStream in = zip.getInputStream(image)) {
            byte[] bytes = in.readNBytes(MOST_BYTES_OF_IMAGE);
            CRC32 sum = new CRC32();
            sum.update(bytes);
            if (bytes.length != image.getSize() || sum.getValue() != image.getCrc()) {
                throw new IOException("it is damaged, or far too long");
            }
            return bytes;
        }
    }

    private static void decode(ImageReader reader, byte[] jpeg, byte[] pixels, int offset)
            throws IOException {
        try (ImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            reader.setInput(in, true, true);
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if (width != FORMAT.width() || height != FORMAT.height()) {
                throw new IOException("it has " + width + "x" + height + " pixels");
            }
            BufferedImage image = reader.read(0);
            int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
            for (int channel = 0; channel < FORMAT.channels(); ++channel) {
                int shift = Byte.SIZE * (FORMAT.channels() - 1 - channel); // red stands highest
                for (int i = 0; i < colours.length; ++i) {
                    pixels[offset + channel * FORMAT.area() + i] = (byte) (colours[i] >> shift);
                }
            }
        }
    }
}
