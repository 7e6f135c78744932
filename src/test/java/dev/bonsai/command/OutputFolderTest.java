package dev.bonsai.command;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import org.testng.annotations.Test;

public class OutputFolderTest {

    @Test
    public void shortNamesKeepWhatFileSystemsTake() {
        assertEquals(OutputFolder.fileName("2:4"), "2-4");
        assertEquals(OutputFolder.fileName("sparsity=0.7 a_b=3"), "sparsity=0.7-a_b=3");
        assertEquals(OutputFolder.fileName("x".repeat(200)), "x".repeat(200));
    }

    @Test
    public void longNamesAreShortenedAndStayDifferent() {
        String text = "01Conv2d_weight=3 ".repeat(30);
        String name = OutputFolder.fileName(text + "a");
        assertEquals(name.length(), 200);
        assertTrue(name.startsWith("01Conv2d_weight=3-01Conv2d"), name);
        assertTrue(name.matches("[A-Za-z0-9._=-]+"), name);
        assertNotEquals(name, OutputFolder.fileName(text + "b"));
        assertEquals(name, OutputFolder.fileName(text + "a"));
    }
}
