package dev.bonsai.examples;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a report says of a run, but for what no two runs have in common. */
final class ReportNumbers {

    /** Times, what follows from them, and the command, which names the folder. */
    private static final List<String> OF_ONE_RUN = List.of("milliseconds", "takeItFor", "steps");

    private ReportNumbers() {}

    /** Reads the report of a folder. */
    static JsonElement of(Path folder) throws IOException {
        JsonElement report =
                JsonParser.parseString(Files.readString(folder.resolve("report.json")));
        strip(report);
        return report;
    }

    private static void strip(JsonElement element) {
        if (element instanceof JsonArray array) {
            array.forEach(ReportNumbers::strip);
        } else if (element instanceof JsonObject object) {
            OF_ONE_RUN.forEach(object::remove);
            object.entrySet().forEach(member -> strip(member.getValue()));
        }
    }
}
