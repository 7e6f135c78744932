package dev.bonsai.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** A folder for the files that the tests of a class write. */
public abstract class ExportFolder {

    /** The folder, which is removed behind the last test. */
    protected Path folder;

    /** Makes the folder. */
    @BeforeClass
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("onnx-integers");
    }

    /** Removes the folder with what is in it. */
    @AfterClass
    public void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
