package dev.bonsai.report;

import dev.bonsai.gate.Verdict;
import java.awt.Color;
import java.util.List;
import java.util.Locale;

/**
 * Colours that people with any colour vision can tell apart, after Okabe and Ito, darkened where
 * text has to be read on them.
 */
final class Palette {

    static final Color BLUE = new Color(0x0072B2);
    static final Color ORANGE = new Color(0xE69F00);
    static final Color GREEN = new Color(0x009E73);
    static final Color VERMILION = new Color(0xD55E00);
    static final Color PURPLE = new Color(0xCC79A7);
    static final Color SKY = new Color(0x56B4E9);
    static final Color GREY = new Color(0x6E6E6E);

    /** For text: as far from white as from the ground of a dark page. */
    static final Color INK = new Color(0x777777);

    /** For lines behind what is shown: darker than a light page, lighter than a dark one. */
    static final Color LIGHT = new Color(128, 128, 128, 64);

    /** For the page behind a chart to be seen. */
    static final Color CLEAR = new Color(0, 0, 0, 0);

    /** For series that have no colour of their own. */
    static final List<Color> SERIES = List.of(BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, GREY);

    private Palette() {}

    /** For a mark on any page. */
    static Color mark(Verdict verdict) {
        return switch (verdict) {
            case BASELINE -> GREY;
            case ACCEPTED -> GREEN;
            case RECOVERING -> ORANGE;
            case UNDECIDED -> PURPLE;
            case REFUSED, ROLLED_BACK -> VERMILION;
            case DONE -> BLUE;
        };
    }

    /** For a ground with white text. */
    static Color of(Verdict verdict) {
        return switch (verdict) {
            case BASELINE -> GREY;
            case ACCEPTED -> new Color(0x007A59);
            case RECOVERING -> new Color(0x9A5B00);
            case UNDECIDED -> new Color(0x8A4A73);
            case REFUSED, ROLLED_BACK -> new Color(0xB34700);
            case DONE -> new Color(0x005A8F);
        };
    }

    static String name(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String hex(Color colour) {
        return String.format(Locale.ROOT, "#%06x", colour.getRGB() & 0xffffff);
    }
}
