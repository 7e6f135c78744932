package dev.bonsai.qr;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.LuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.WriterException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.decoder.Version;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The modules of a QR code and the bytes that they stand for, by ZXing. */
final class QrSymbol {

    /** Has a character for each byte, and is what ZXing writes a text in if it is not told. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final int LARGEST_VERSION = 40;

    /** What the largest version holds besides its content: the mode and the length, 20 bits. */
    private static final int HEAD = 3;

    private static final List<ErrorCorrectionLevel> STRONGEST_FIRST =
            List.of(
                    ErrorCorrectionLevel.H,
                    ErrorCorrectionLevel.Q,
                    ErrorCorrectionLevel.M,
                    ErrorCorrectionLevel.L);

    /** A picture as it is drawn, then one that may be a photo. */
    private static final List<DecodeHintType> LOOKS =
            List.of(DecodeHintType.PURE_BARCODE, DecodeHintType.TRY_HARDER);

    private QrSymbol() {}

    /**
     * Returns the modules that stand for bytes.
     *
     * @param bytes from 1 to {@link QrCode#MAX_BYTES}
     */
    static ByteMatrix of(byte[] bytes) throws QrException {
        try {
            // a hint on the charset would cost 12 bits, in which it is named
            return Encoder.encode(new String(bytes, BYTES), level(bytes.length)).getMatrix();
        } catch (WriterException e) {
            throw new QrException("ZXing could not draw " + bytes.length + " bytes", e);
        }
    }

    /** Returns the strongest error correction with which so many bytes fit. */
    static ErrorCorrectionLevel level(int size) {
        return STRONGEST_FIRST.stream()
                .filter(level -> size <= capacity(level))
                .findFirst()
                .orElseThrow();
    }

    static int capacity(ErrorCorrectionLevel level) {
        Version largest = Version.getVersionForNumber(LARGEST_VERSION);
        int correction = largest.getECBlocksForLevel(level).getTotalECCodewords();
        return largest.getTotalCodewords() - correction - HEAD;
    }

    /**
     * Finds a code in a picture.
     *
     * @param name what the picture is called in messages
     * @return the bytes that it stands for
     */
    static byte[] read(LuminanceSource picture, Path name) throws QrException {
        BinaryBitmap bitmap = new BinaryBitmap(new HybridBinarizer(picture));
        ReaderException last = null;
        for (DecodeHintType look : LOOKS) {
            Map<DecodeHintType, Object> hints =
                    Map.of(look, true, DecodeHintType.CHARACTER_SET, BYTES.name());
            try {
                return new QRCodeReader().decode(bitmap, hints).getText().getBytes(BYTES);
            } catch (ReaderException e) {
                last = e;
            }
        }
        throw new QrException(
                name
                        + " shows no QR code that can be read: expected the whole code, straight and"
                        + " sharp, with its white margin; take the picture again",
                last);
    }
}
