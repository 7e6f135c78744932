package dev.bonsai.examples.data;

import java.io.IOException;
import java.nio.file.Path;

/** Writes so few drawn digits that a whole run on them takes a moment. */
public final class SmallData {

    private static final int TRAINING = 240;
    private static final int TESTING = 60;

    private SmallData() {}

    /** Writes the four files of a data set; another seed draws other images. */
    public static Path write(Path folder, long seed) throws IOException {
        IdxFolder.write(
                folder,
                DigitsGenerator.draw(TRAINING, seed),
                DigitsGenerator.draw(TESTING, seed + 1));
        return folder;
    }
}
