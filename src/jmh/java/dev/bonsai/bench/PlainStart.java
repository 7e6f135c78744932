package dev.bonsai.bench;

import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program that predicts once in plain Java, and says what that took. {@link StartTime} starts it. */
public final class PlainStart {

    private PlainStart() {}

    /** Takes the {@code .bonsai} file; without one it predicts nothing. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            print(0);
            return;
        }
        PlainModel model = PlainModel.load(Path.of(arguments[0]));
        float[] scores = model.run(Tensor.of(new float[28 * 28], 1, 1, 28, 28)).get(0).floats();
        print(scores.length);
    }

    /**
     * Prints a line with the number of scores, the nanoseconds that the process has had of the
     * processors, and the most kilobytes that it had in memory.
     */
    static void print(int scores) throws IOException {
        System.out.println("scores " + scores);
        long nanos = 0;
        for (File task : new File("/proc/self/task").listFiles()) {
            String line = firstLine(new File(task, "schedstat"), "");
            nanos += Long.parseLong(line.substring(0, line.indexOf(' ')));
        }
        String most = firstLine(new File("/proc/self/status"), "VmHWM:");
        System.out.println("used " + nanos + " " + most.replaceAll("\\D", ""));
    }

    private static String firstLine(File file, String start) throws IOException {
        try (BufferedReader reader = new BufferedReader(new FileReader(file, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (!line.startsWith(start)) {
                line = reader.readLine();
            }
            return line;
        }
    }
}
