package dev.bonsai.examples.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Writes so few small pictures in colour that a whole run on them takes a moment. */
public final class SmallCifar {

    private SmallCifar() {}

    /** Writes the two zip files of a data set; another seed makes other images. */
    public static Path write(Path folder, int trainingPerClass, int testPerClass, long seed)
            throws IOException {
        Files.createDirectories(folder);
        writeZip(folder.resolve(ZippedFolders.TRAINING), files(trainingPerClass, seed));
        writeZip(folder.resolve(ZippedFolders.TEST), files(testPerClass, seed + 1));
        return folder;
    }

    static Map<String, byte[]> files(int perClass, long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : ZippedFolders.CLASSES) {
            for (int i = 0; i < perClass; ++i) {
                files.put(String.format(Locale.ROOT, "%s/%04d.jpg", name, i), jpeg(32, 32, random));
            }
        }
        return files;
    }

    /** Four patches of random colours. */
    static byte[] jpeg(int width, int height, Random random) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] colours = random.ints(4).toArray();
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                image.setRGB(x, y, colours[2 * (2 * y / height) + 2 * x / width]);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        return bytes.toByteArray();
    }

    static void writeZip(Path file, Map<String, byte[]> files) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
    }
}
