package dev.bonsai.examples;

import dev.bonsai.text.Names;
import java.util.Locale;

/** What a compression aims at. */
enum Preset {
    /** Pruning and 4 bits, in the fewest lines. */
    STANDARD,
    /** The smallest file: more epochs, 3 bits, pruned and quantized biases. */
    SMALL,
    /** A smaller file yet: units go first, in a training of their own. */
    SMALLEST,
    /** A network of fewer channels and parameters, and 8 bits. */
    THIN,
    /** A network of fewer channels and multiplications, and 8 bits. */
    FAST;

    /** Tells whether channels are taken out. */
    boolean takesChannels() {
        return this == THIN || this == FAST;
    }

    static Preset parse(String id) {
        return Names.find("preset", Preset.class, id);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
