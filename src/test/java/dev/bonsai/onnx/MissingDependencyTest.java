package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.nn.Block;
import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** What is missing on the class path is named by its Maven coordinates. */
public class MissingDependencyTest {

    private static URLClassLoader loader(Class<?>... ofLibraries) {
        URL[] places =
                Arrays.stream(ofLibraries)
                        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                        .toArray(URL[]::new);
        return new URLClassLoader(places, ClassLoader.getPlatformClassLoader());
    }

    private static String message(Method method, Object... arguments) {
        Throwable cause =
                expectThrows(InvocationTargetException.class, () -> method.invoke(null, arguments))
                        .getCause();
        assertEquals(cause.getClass(), IllegalStateException.class, cause.toString());
        return cause.getMessage();
    }

    @Test
    public void theMessagesOfOnnxAreNamed() throws Exception {
        try (URLClassLoader loader = loader(OnnxImporter.class)) {
            Method read =
                    loader.loadClass(OnnxImporter.class.getName()).getMethod("read", byte[].class);
            String message = message(read, (Object) new byte[0]);
            assertTrue(message.contains("org.tribuo:tribuo-util-onnx:4.3.2"), message);
        }
    }

    @Test
    public void onnxRuntimeIsNamed() throws Exception {
        try (URLClassLoader loader =
                loader(OnnxExporter.class, Block.class, OnnxMl.class, ByteString.class)) {
            Class<?> graph = loader.loadClass(Graph.class.getName());
            Object empty =
                    graph.getConstructors()[0].newInstance(
                            List.of(), List.of(), constants(loader), List.of(), List.of("c"));
            Class<?> model = loader.loadClass(GraphModel.class.getName());
            Object given = model.getConstructors()[0].newInstance(empty, Map.of());
            Method write =
                    loader.loadClass(OnnxExporter.class.getName())
                            .getMethod("write", Path.class, model);
            String message = message(write, Path.of("never.onnx"), given);
            assertTrue(message.contains("com.microsoft.onnxruntime:onnxruntime:"), message);
        }
    }

    private static Map<String, Object> constants(ClassLoader loader) throws Exception {
        Class<?> constants = loader.loadClass("dev.bonsai.graph.type.Constants");
        return Map.of("c", constants.getMethod("scalar", float.class).invoke(null, 1f));
    }
}
