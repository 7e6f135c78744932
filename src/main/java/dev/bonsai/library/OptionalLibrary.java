package dev.bonsai.library;

import java.util.Locale;

/**
 * A library that is an optional dependency. A method that works with one calls {@link #need} before
 * anything else, in a class that names no class of the library: the virtual machine may load those
 * before the first line runs.
 */
public enum OptionalLibrary {
    /** The messages that ONNX files are made of. */
    ONNX_MESSAGES(
            "An ONNX file", "org.tribuo:tribuo-util-onnx:4.3.2", type("ai.onnx.proto.OnnxMl")),
    /** What runs an ONNX file. */
    ONNX_RUNTIME(
            "A run of an ONNX file",
            "com.microsoft.onnxruntime:onnxruntime:1.21.1",
            type("ai.onnxruntime.OrtEnvironment")),
    /** The messages that event files are made of. */
    PROTOBUF(
            "An event file of TensorBoard",
            "com.google.protobuf:protobuf-java:3.25.6",
            type("com.google.protobuf.CodedOutputStream")),
    /** Reads and writes YAML. */
    YAML(
            "A recipe",
            "org.snakeyaml:snakeyaml-engine:2.10",
            type("org.snakeyaml.engine.v2.api.LoadSettings")),
    /** Finds the word that was meant. */
    SIMILAR_WORDS(
            "A recipe",
            "org.apache.commons:commons-text:1.14.0",
            type("org.apache.commons.text.similarity.LevenshteinDistance")),
    /** Fills the templates of pages. */
    TEMPLATES("A page", "gg.jte:jte-runtime:3.2.5", type("gg.jte.TemplateEngine")),
    /** Draws in a browser. */
    BROWSER_CHARTS(
            "A page",
            "org.webjars:echarts:5.5.0",
            "META-INF/resources/webjars/echarts/5.5.0/echarts.min.js"),
    /** Draws pictures. */
    CHARTS("A chart", "org.knowm.xchart:xchart:3.8.8", type("org.knowm.xchart.XYChart")),
    /** Draws and reads QR codes. */
    QR_CODES(
            "A QR code",
            "com.google.zxing:core:3.5.3",
            type("com.google.zxing.qrcode.QRCodeWriter"));

    private final String use;
    private final String coordinates;
    private final String resource;

    /**
     * Names a library.
     *
     * @param use what it is needed for, as the beginning of a sentence
     * @param coordinates Maven's group, artifact and version: those that Bonsai is tested with
     * @param resource a file in it
     */
    OptionalLibrary(String use, String coordinates, String resource) {
        this.use = use;
        this.coordinates = coordinates;
        this.resource = resource;
    }

    private static String type(String name) {
        return name.replace('.', '/') + ".class";
    }

    /**
     * Returns the dependency to add to a build.
     *
     * @return group, artifact and version, with colons in between
     */
    public String coordinates() {
        return coordinates;
    }

    /** Returns the name of a file in the library. */
    String resource() {
        return resource;
    }

    /**
     * Tells whether the library is on the class path.
     *
     * @return whether it is
     */
    public boolean isThere() {
        return OptionalLibrary.class.getClassLoader().getResource(resource) != null;
    }

    /**
     * Checks that the library is on the class path.
     *
     * @throws IllegalStateException if it is not; the message names the dependency to add
     */
    public void need() {
        if (!isThere()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "%s needs a library that is not on the class path: add the dependency"
                                    + " %s to your build",
                            use,
                            coordinates));
        }
    }
}
