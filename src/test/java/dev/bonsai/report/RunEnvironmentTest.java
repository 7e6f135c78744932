package dev.bonsai.report;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RunEnvironmentTest {

    @Test
    public void everyPartIsNamedAndBecomesJson() {
        String json = new Gson().toJson(RunEnvironment.current());
        for (String part :
                new String[] {
                    "architecture", "processor", "system", "java", "djl", "engine", "bonsai"
                }) {
            assertFalse(json.contains("\"" + part + "\":\"\""), json);
            assertEquals(json.split("\"" + part + "\":", -1).length, 2, json);
        }
        assertFalse(json.contains("null"), json);
    }

    @DataProvider
    Object[][] files() {
        return new Object[][] {
            {"processor\t: 0\nmodel name\t: A 3: fast\nmodel name\t: B\n", "A 3: fast"},
            {"processor : 0\n", "unknown"},
            {"", "unknown"},
            {"model name", "model name"},
        };
    }

    @Test(dataProvider = "files")
    public void theProcessorIsTheFirstModelNamed(String text, String expected) throws IOException {
        Path file = Files.createTempFile("cpuinfo", ".txt");
        Files.writeString(file, text);
        assertEquals(RunEnvironment.processorName(file), expected);
    }

    @Test
    public void withoutThatFileTheProcessorIsUnknown() {
        assertEquals(RunEnvironment.processorName(Path.of("no such file")), "unknown");
    }
}
