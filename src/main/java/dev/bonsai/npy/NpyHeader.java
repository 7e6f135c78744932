package dev.bonsai.npy;

import dev.bonsai.encoding.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands before the numbers of a file: a mark, a version, a length, and a dictionary of Python
 * with the type, the order and the shape.
 *
 * @param type the type of the elements
 * @param isBigEndian whether the highest byte of an element comes first
 * @param shape the shape
 * @param length the bytes of all that stands before the numbers
 */
record NpyHeader(ElementType type, boolean isBigEndian, int[] shape, int length) {

    private static final byte[] MARK = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_DIMENSIONS = 64;

    /** NumPy itself reads no longer ones. */
    private static final int LONGEST = 10_000;

    /** More than any file that is read. */
    private static final long TOO_MANY = 1L << 31;

    private static final int ALIGNED = 64;
    private static final int SHORT_LENGTH = 2;
    private static final int LONG_LENGTH = 4;

    /** The letters of NumPy, without the order of bytes. */
    private static final Map<String, ElementType> TYPES =
            Map.ofEntries(
                    Map.entry("f2", ElementType.FLOAT16),
                    Map.entry("f4", ElementType.FLOAT32),
                    Map.entry("f8", ElementType.FLOAT64),
                    Map.entry("i1", ElementType.INT8),
                    Map.entry("i2", ElementType.INT16),
                    Map.entry("i4", ElementType.INT32),
                    Map.entry("i8", ElementType.INT64),
                    Map.entry("u1", ElementType.UINT8),
                    Map.entry("u2", ElementType.UINT16),
                    Map.entry("u4", ElementType.UINT32),
                    Map.entry("u8", ElementType.UINT64),
                    Map.entry("b1", ElementType.BOOLEAN));

    private static final Pattern DICTIONARY = Pattern.compile("\\s*\\{([^{}]*)\\}\\s*");
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|])([a-z]\\d)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");
    private static final Pattern SIZE = Pattern.compile("\\d{1,10}");

    /**
     * Reads the beginning of a file.
     *
     * @throws NpyFormatException if it is damaged, or does not agree with the length of the file
     */
    static NpyHeader read(byte[] file) throws NpyFormatException {
        if (file.length < MARK.length + 2
                || !Arrays.equals(file, 0, MARK.length, MARK, 0, MARK.length)) {
            throw new NpyFormatException(
                    "expected an array as numpy.save writes it, but the bytes are none");
        }
        int version = file[MARK.length];
        if (version < 1 || version > 3) {
            throw new NpyFormatException(
                    "versions 1 to 3 of .npy can be read, but it is of version "
                            + version
                            + ": write it with numpy.save");
        }
        int width = version == 1 ? SHORT_LENGTH : LONG_LENGTH;
        int begin = MARK.length + 2 + width;
        if (file.length < begin) {
            throw cut();
        }
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long length =
                width == SHORT_LENGTH
                        ? Short.toUnsignedInt(buffer.getShort(begin - width))
                        : Integer.toUnsignedLong(buffer.getInt(begin - width));
        if (length > LONGEST) {
            throw new NpyFormatException(
                    "a header has at most " + LONGEST + " bytes, but this one " + length);
        }
        if (file.length < begin + length) {
            throw cut();
        }
        int end = begin + (int) length;
        String text = new String(file, begin, (int) length, StandardCharsets.UTF_8);
        return parse(text, end).checked(file.length);
    }

    private static NpyFormatException cut() {
        return new NpyFormatException("the file ends within its header: copy it again");
    }

    private static NpyHeader parse(String text, int end) throws NpyFormatException {
        Matcher dictionary = DICTIONARY.matcher(text);
        if (!dictionary.matches()) {
            throw damaged("dictionary", text);
        }
        String inner = dictionary.group(1);
        Matcher descr = DESCR.matcher(inner);
        Matcher order = ORDER.matcher(inner);
        Matcher shape = SHAPE.matcher(inner);
        if (!order.find() || !shape.find() || !inner.contains("'descr'")) {
            throw damaged("'descr', 'fortran_order' and 'shape'", text);
        }
        if (!descr.find() || !TYPES.containsKey(descr.group(2))) {
            throw new NpyFormatException(
                    "arrays of floats, integers and booleans can be read, but the header is "
                            + inner.strip()
                            + ": convert it, such as with array.astype('float32')");
        }
        int[] sizes = sizes(shape.group(1), text);
        boolean several = Arrays.stream(sizes).filter(size -> size != 1).count() > 1;
        if (order.group(1).equals("True") && several) {
            throw new NpyFormatException(
                    "expected an array in C order, but it is in Fortran's: write it with"
                            + " numpy.ascontiguousarray(array)");
        }
        return new NpyHeader(TYPES.get(descr.group(2)), descr.group(1).equals(">"), sizes, end);
    }

    /** Reads a tuple: nothing, or sizes with a comma behind each, but perhaps the last of many. */
    private static int[] sizes(String text, String header) throws NpyFormatException {
        if (text.isBlank()) {
            return new int[0];
        }
        List<String> parts =
                new ArrayList<>(Arrays.stream(text.split(",", -1)).map(String::strip).toList());
        boolean comma = parts.size() > 1;
        if (comma && parts.get(parts.size() - 1).isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        boolean numbers = parts.stream().allMatch(part -> SIZE.matcher(part).matches());
        if (!comma || !numbers || parts.size() > MOST_DIMENSIONS) {
            throw damaged("a tuple of at most 64 numbers as 'shape'", header);
        }
        int[] sizes = new int[parts.size()];
        for (int i = 0; i < sizes.length; ++i) {
            long size = Long.parseLong(parts.get(i));
            if (size > Integer.MAX_VALUE) {
                throw damaged("sizes below 2^31", header);
            }
            sizes[i] = (int) size;
        }
        return sizes;
    }

    private static NpyFormatException damaged(String expected, String text) {
        int shown = Math.min(200, text.length());
        return new NpyFormatException(
                "expected "
                        + expected
                        + " in the header, but it is '"
                        + text.substring(0, shown).strip()
                        + "': write it with numpy.save");
    }

    private NpyHeader checked(int fileLength) throws NpyFormatException {
        long bytes = type.bytes();
        for (int size : shape) {
            bytes = Math.min(bytes * size, TOO_MANY);
        }
        if (bytes != fileLength - length) {
            throw new NpyFormatException(
                    "an array of "
                            + type
                            + Arrays.toString(shape)
                            + " has "
                            + (bytes == TOO_MANY ? "2^31 and more" : bytes)
                            + " bytes, but "
                            + (fileLength - length)
                            + " stand behind the header: copy the file again");
        }
        return this;
    }

    /** Returns the numbers of a file, the lowest byte of each first. */
    byte[] littleEndian(byte[] file) {
        byte[] data = Arrays.copyOfRange(file, length, file.length);
        int width = type.bytes();
        if (isBigEndian && width > 1) {
            for (int from = 0; from < data.length; from += width) {
                for (int i = 0; i < width / 2; ++i) {
                    byte low = data[from + i];
                    data[from + i] = data[from + width - 1 - i];
                    data[from + width - 1 - i] = low;
                }
            }
        }
        return data;
    }

    /** Returns the beginning of a file of version 1. */
    static byte[] bytes(ElementType type, int[] shape) {
        String letters =
                TYPES.entrySet().stream()
                        .filter(entry -> entry.getValue() == type)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow();
        String sizes =
                Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String text =
                "{'descr': '"
                        + (type.bytes() == 1 ? "|" : "<")
                        + letters
                        + "', 'fortran_order': False, 'shape': ("
                        + sizes
                        + (shape.length == 1 ? ",), }" : "), }");
        int begin = MARK.length + 2 + SHORT_LENGTH;
        int all = (begin + text.length() + 1 + ALIGNED - 1) / ALIGNED * ALIGNED;
        String padded = text + " ".repeat(all - begin - text.length() - 1) + "\n";
        return ByteBuffer.allocate(all)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARK)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) (all - begin))
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
