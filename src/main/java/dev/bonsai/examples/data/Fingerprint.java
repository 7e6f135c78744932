package dev.bonsai.examples.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells one set of images from another, whatever they are called. */
public final class Fingerprint {

    private Fingerprint() {}

    /**
     * Returns a new SHA-256, which every Java has.
     *
     * @return a digest that has read nothing
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256, but this one does not", e);
        }
    }

    static String of(ImageSet... sets) {
        MessageDigest digest = sha256();
        for (ImageSet set : sets) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(set.size()).flip());
            digest.update(set.pixels());
            digest.update(set.labels());
            digest.update(set.kind().signature());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
