package dev.bonsai.page;

import static org.testng.Assert.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.testng.annotations.Test;

/** What docs/report.md says of the numbers, against the numbers. */
public class ReportDocumentTest {

    private static final Set<String> NAMED_BY_THE_RUN = Set.of("facts", "ledger", "bytes");

    @Test
    public void everyMemberIsDescribed() throws Exception {
        String document = Files.readString(Path.of("docs", "report.md"));
        Set<String> missing = new TreeSet<>();
        JsonObject json = ReportJson.of(Runs.full(Files.createTempDirectory("bonsai"), "accuracy"));
        collect(json, missing);
        missing.remove("accuracy"); // the metric's own name
        missing.removeIf(
                name -> document.contains("`" + name + "`") || document.contains("`" + name + "["));
        // what stands in words: the environment's and a weight's bytes by section
        missing.removeAll(
                Set.of(
                        "architecture",
                        "processor",
                        "processors",
                        "system",
                        "java",
                        "djl",
                        "engine",
                        "bonsai"));
        assertTrue(missing.isEmpty(), "docs/report.md says nothing of " + missing);
    }

    private static void collect(JsonElement element, Set<String> names) {
        if (element instanceof JsonArray array) {
            array.forEach(member -> collect(member, names));
        } else if (element instanceof JsonObject object) {
            object.entrySet()
                    .forEach(
                            member -> {
                                names.add(member.getKey());
                                if (!NAMED_BY_THE_RUN.contains(member.getKey())) {
                                    collect(member.getValue(), names);
                                }
                            });
        }
    }
}
