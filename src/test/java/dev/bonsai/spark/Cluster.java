package dev.bonsai.spark;

import static org.testng.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** Starts the drivers of the tests, each with a folder, and looks at the notes of their trials. */
final class Cluster implements AutoCloseable {

    private final Path folder;
    private String scala = "2.13";
    private Process driver;

    Cluster(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("notes"));
        Files.createDirectories(
                folder.resolve("spark").resolve("jars")); // all is on the class path
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Starts a class with a main method as a driver. */
    void start(Class<?> main, Object... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
        command.add("-Xmx512m");
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        command.add("-Dspark.executor.extraClassPath=" + classPath());
        command.add("-Dspark.ui.enabled=false");
        command.add("-Dspark.local.dir=" + folder.resolve("local"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        Arrays.stream(args).forEach(arg -> command.add(arg.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(file("output").toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", scala); // it has no other to find it by
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
        driver = builder.start();
    }

    /** Has the next driver find that no executor can start. */
    void breakDown() {
        scala = "";
    }

    Process driver() {
        return driver;
    }

    /** That of this process, for processes in other folders. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits for the driver to end; returns its status. */
    int join() throws IOException, InterruptedException {
        assertTrue(driver.waitFor(3, TimeUnit.MINUTES), output());
        return driver.exitValue();
    }

    String output() throws IOException {
        return Files.readString(file("output"));
    }

    /** Returns the names of notes. */
    List<String> notes(String kind) throws IOException {
        try (Stream<Path> files = Files.list(file("notes"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("." + kind))
                    .sorted()
                    .toList();
        }
    }

    /** Waits for so many notes; returns them. */
    List<String> await(int count, String kind) throws IOException, InterruptedException {
        while (notes(kind).size() < count) {
            assertTrue(driver.isAlive(), output());
            Thread.sleep(10);
        }
        return notes(kind);
    }

    /** Returns the process that left a note. */
    long process(String note) throws IOException {
        return Long.parseLong(Files.readString(file("notes").resolve(note)));
    }

    @Override
    public void close() {
        if (driver != null) {
            driver.destroyForcibly(); // without a driver its executors end by themselves
            driver.onExit().join();
        }
    }
}
