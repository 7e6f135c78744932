package dev.bonsai.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where the files of trials are, until the best of them is kept. */
interface TrialFiles {

    /** Tells whether there is a file. */
    boolean has(String name) throws IOException;

    /** Has a local file be a copy of one of these, or that one itself. */
    void take(String name, Path file) throws IOException;

    /** Deletes a file, if there is one. */
    void delete(String name) throws IOException;

    /** Returns the files of a local folder. */
    static TrialFiles in(Path folder) {
        return new TrialFiles() {
            @Override
            public boolean has(String name) {
                return Files.isRegularFile(folder.resolve(name));
            }

            @Override
            public void take(String name, Path file) throws IOException {
                Files.move(folder.resolve(name), file, StandardCopyOption.ATOMIC_MOVE);
            }

            @Override
            public void delete(String name) throws IOException {
                Files.deleteIfExists(folder.resolve(name));
            }
        };
    }
}
