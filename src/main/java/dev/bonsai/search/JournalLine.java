package dev.bonsai.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;

/** A line of the journal: a JSON object whose last member is a checksum of what precedes it. */
final class JournalLine {

    private static final int VERSION = 1;
    private static final String MAGIC = "{\"bonsaiSearchJournal\":";

    /** The name of a line's last member. */
    static final String CHECKSUM_NAME = "crc32";

    private static final String CHECKSUM = ",\"" + CHECKSUM_NAME + "\":\"%s\"}";
    private static final int CHECKSUM_LENGTH = CHECKSUM.length() - 2 + 8;

    private JournalLine() {}

    /** Returns an empty header, of which the version is the first member. */
    static JsonObject header() {
        JsonObject header = new JsonObject();
        header.addProperty("bonsaiSearchJournal", VERSION);
        return header;
    }

    /** Returns the line and its newline. */
    static byte[] encode(JsonObject object) {
        String text = object.toString();
        String open = text.substring(0, text.length() - 1);
        return (open + checksum(open) + "\n").getBytes(UTF_8);
    }

    /**
     * Reads a line.
     *
     * @param line the bytes without the newline
     * @param where the file and the number of the line, for messages
     * @param first whether it is the header
     */
    static JsonObject decode(byte[] line, String where, boolean first) throws IOException {
        String text = new String(line, UTF_8);
        if (first) {
            checkHeader(text, where);
        }
        int end = text.length() - CHECKSUM_LENGTH;
        if (end < 0 || !checksum(text.substring(0, end)).equals(text.substring(end))) {
            throw damaged(where, "its checksum is wrong");
        }
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw damaged(where, e.getMessage());
        }
    }

    private static void checkHeader(String text, String where) throws IOException {
        if (!text.startsWith(MAGIC)) {
            throw notAJournal(where);
        }
        if (!text.startsWith(MAGIC + VERSION + ",")) {
            throw new JournalException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected version %d of the journal's format. Update Bonsai, or"
                                    + " take another file to begin anew",
                            where,
                            VERSION));
        }
    }

    /** Tells whether bytes without a newline may be the beginning of a header; none may, too. */
    static boolean mayBeginHeader(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        return text.startsWith(MAGIC) || MAGIC.startsWith(text);
    }

    static JournalException notAJournal(String where) {
        return new JournalException(
                where
                        + ": expected the journal of a search, but this is none, and it is left as"
                        + " it is. Take another file");
    }

    static JournalException damaged(String where, String what) {
        return new JournalException(
                String.format(
                        Locale.ROOT,
                        "%s: the line is not as the search wrote it: %s. Restore the file from a"
                                + " copy; or delete this line and those after it, and their trials"
                                + " are run again; or take another file to begin anew",
                        where,
                        what));
    }

    private static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return String.format(
                Locale.ROOT, CHECKSUM, HexFormat.of().toHexDigits((int) crc.getValue()));
    }
}
