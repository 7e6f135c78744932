package dev.bonsai.examples;

import dev.bonsai.text.Names;
import java.util.Locale;

/** What a compression aims at. */
enum Preset {
    /** Pruning and 4 bits, in the fewest lines. */
    STANDARD,
    /** A small file: more epochs, 3 bits (ResNet-8: 4), pruned and quantized biases. */
    SMALL,
    /**
     * The smallest file: the LeNets lose whole units first, in a training of their own. It is all
     * that nano has settings for, and ResNet-8 has none.
     */
    SMALLEST,
    /** A network of fewer channels and parameters, and 8 bits. */
    THIN,
    /** A network of fewer channels and multiplications, and 8 bits. */
    FAST;

    static Preset parse(String id) {
        return Names.find("preset", Preset.class, id);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
