package dev.bonsai.entropy;

/**
 * The logistic function and its inverse in whole numbers, the same on every machine.
 *
 * <p>A probability has {@link BitCoder#PRECISION} bits. What it is on the logistic scale, {@code
 * ln(p / (1 - p))}, has {@link #FRACTION} bits behind the point and lies between -12 and 12.
 */
final class Logistic {

    /** The bits behind the point of the logistic scale. */
    static final int FRACTION = 8;

    /** The end of the logistic scale. */
    static final int END = 12 << FRACTION;

    /** The logistic function at -12, -11.5, ..., 12; between them it is a straight line. */
    private static final int[] KNOTS = {
        1, 1, 1, 2, 3, 5, 8, 13, 22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812,
        11955, 17625, 24743, 32768, 40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816,
        65097, 65269, 65374, 65438, 65476, 65500, 65514, 65523, 65528, 65531, 65533, 65534, 65535,
        65535, 65535
    };

    private static final int KNOT_BITS = FRACTION - 1;

    /** The inverse is a table of probabilities of so many bits. */
    private static final int TABLE_BITS = 12;

    private static final short[] STRETCHED = new short[1 << TABLE_BITS];
    private static final char[] SQUASHED = new char[2 * END];

    static {
        for (int i = 0; i < SQUASHED.length; ++i) {
            int knot = i >> KNOT_BITS;
            int part = i & ((1 << KNOT_BITS) - 1);
            int rise = KNOTS[knot + 1] - KNOTS[knot];
            SQUASHED[i] = (char) (KNOTS[knot] + ((rise * part) >> KNOT_BITS));
        }
        int x = 0;
        for (int i = 0; i < STRETCHED.length; ++i) {
            int probability = (2 * i + 1) << (BitCoder.PRECISION - TABLE_BITS - 1);
            while (SQUASHED[x] < probability) {
                ++x;
            }
            STRETCHED[i] = (short) (x - END);
        }
    }

    private Logistic() {}

    /** Returns the probability at a place of the logistic scale, which is cut off at its ends. */
    static int squash(long x) {
        return SQUASHED[(int) Math.max(0, Math.min(SQUASHED.length - 1, x + END))];
    }

    /** Returns the place of a probability on the logistic scale. */
    static int stretch(int probability) {
        return STRETCHED[probability >>> (BitCoder.PRECISION - TABLE_BITS)];
    }
}
