package dev.bonsai.qr;

import dev.bonsai.file.AtomicFile;
import dev.bonsai.library.OptionalLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a whole {@code .bonsai} file as one QR code (ISO/IEC 18004), and reads it from the
 * picture. The bytes stand in the code as they are, so that any reader of QR codes that gives bytes
 * can read them too.
 *
 * <pre>{@code
 * QrCode.write(Path.of("model.bonsai"), Path.of("model.png"));
 * PlainModel model = PlainModel.of(BonsaiFile.decode(QrCode.read(Path.of("model.png"))));
 * }</pre>
 *
 * <p>It needs {@code com.google.zxing:core}, an optional dependency.
 */
public final class QrCode {

    /** The most bytes that a QR code holds: version 40 with the weakest error correction. */
    public static final int MAX_BYTES = 2953;

    private QrCode() {}

    /**
     * Draws a file, black on white, in a picture of 1 bit per pixel: 6 pixels per module and a
     * margin of 4 modules. Of the four levels of error correction it takes the strongest with which
     * the file still fits. The picture is read before it takes the place of an old one.
     *
     * @param file a file of 1 to 2,953 bytes
     * @param png the picture; missing folders are made
     * @throws QrException if the file is empty or too large; an old picture is as it was
     * @throws IOException if the file can't be read or the picture can't be written
     * @throws IllegalStateException if ZXing is not on the class path
     */
    public static void write(Path file, Path png) throws IOException {
        OptionalLibrary.QR_CODES.need();
        long size = Files.size(file);
        if (size < 1 || size > MAX_BYTES) {
            throw new QrException(
                    String.format(
                            Locale.ROOT,
                            "%s has %,d bytes, but a QR code holds from 1 to %,d: compress the"
                                    + " model further, with fewer weights or fewer bits per weight"
                                    + " (such as --preset small of the examples), or begin with a"
                                    + " smaller network",
                            file,
                            size,
                            MAX_BYTES));
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] picture = QrPicture.encode(QrSymbol.of(bytes));
        if (!Arrays.equals(QrSymbol.read(QrPicture.decode(picture, png), png), bytes)) {
            throw new QrException(
                    png
                            + " was not read as it was drawn, and is not written: this is a defect"
                            + " of ZXing; take another version of com.google.zxing:core");
        }
        AtomicFile.replace(png, picture);
    }

    /**
     * Reads the bytes of a QR code from a picture: one that {@link #write} made, or a photo of it.
     *
     * @param picture a file that Java's Image I/O reads, such as PNG or JPEG, of at most 67,108,864
     *     pixels
     * @return the bytes that stand in the code
     * @throws QrException if it is no such picture, shows no QR code or one that is too damaged
     * @throws IOException if the file can't be read
     * @throws IllegalStateException if ZXing is not on the class path
     */
    public static byte[] read(Path picture) throws IOException {
        OptionalLibrary.QR_CODES.need();
        return QrSymbol.read(QrPicture.decode(Files.readAllBytes(picture), picture), picture);
    }
}
