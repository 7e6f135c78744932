package dev.bonsai.onnx;

/** Says which optional dependency is missing, before a class of it is. */
final class Dependencies {

    private Dependencies() {}

    /** Needs the messages of ONNX. */
    static void needMessages() {
        need(
                "ai.onnx.proto.OnnxMl",
                "To read or write an ONNX file",
                "org.tribuo:tribuo-util-onnx:4.3.2");
    }

    /** Needs what runs an ONNX file. */
    static void needRuntime() {
        need(
                "ai.onnxruntime.OrtEnvironment",
                "To check an ONNX file",
                "com.microsoft.onnxruntime:onnxruntime:1.21.1");
    }

    private static void need(String type, String purpose, String coordinates) {
        try {
            Class.forName(type, false, Dependencies.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    purpose
                            + " a library is needed that is not on the class path: add the"
                            + " dependency "
                            + coordinates,
                    e);
        }
    }
}
