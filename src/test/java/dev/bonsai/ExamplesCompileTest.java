package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Compiles every Java example of the README and of the class comments. */
public class ExamplesCompileTest {

    private static final Pattern IN_MARKDOWN =
            Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_JAVADOC =
            Pattern.compile("<pre>\\{@code\\n(.*?)\\n *\\* }</pre>", Pattern.DOTALL);

    /** What the examples may take for granted, as their readers do. */
    private static final String TEMPLATE =
            """
            import ai.djl.*;
            import ai.djl.engine.*;
            import ai.djl.ndarray.*;
            import ai.djl.ndarray.types.*;
            import ai.djl.nn.*;
            import ai.djl.training.*;
            import ai.djl.training.dataset.*;
            import ai.djl.training.evaluator.*;
            import ai.djl.training.listener.*;
            import ai.djl.training.loss.*;
            import ai.djl.training.optimizer.*;
            import ai.djl.training.tracker.*;
            import com.google.gson.*;
            import dev.bonsai.*;
            import dev.bonsai.activation.*;
            import dev.bonsai.checkpoint.*;
            import dev.bonsai.file.*;
            import dev.bonsai.core.*;
            import dev.bonsai.examples.data.*;
            import dev.bonsai.examples.sentence.*;
            import dev.bonsai.distillation.*;
            import dev.bonsai.encoding.*;
            import dev.bonsai.gate.*;
            import dev.bonsai.lowbit.*;
            import dev.bonsai.page.*;
            import dev.bonsai.npy.*;
            import dev.bonsai.pruning.*;
            import dev.bonsai.qr.*;
            import dev.bonsai.quantization.*;
            import dev.bonsai.recipe.*;
            import dev.bonsai.regularization.*;
            import dev.bonsai.report.*;
            import dev.bonsai.rounding.*;
            import dev.bonsai.search.*;
            import dev.bonsai.sharing.*;
            import dev.bonsai.spark.*;
            import dev.bonsai.tensorboard.*;
            import dev.bonsai.text.*;
            import dev.bonsai.thinning.*;
            import dev.bonsai.trace.*;
            import dev.bonsai.variational.*;
            import ai.djl.inference.*;
            import ai.djl.translate.*;
            import dev.bonsai.block.*;
            import dev.bonsai.graph.*;
            import dev.bonsai.graph.Graph.*;
            import dev.bonsai.graph.operator.*;
            import dev.bonsai.graph.type.*;
            import dev.bonsai.onnx.*;
            import dev.bonsai.rewrite.*;
            import dev.bonsai.runtime.*;
            import %s;
            import java.lang.invoke.MethodHandles;
            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;
            import java.util.function.*;
            import org.apache.spark.SparkConf;
            import org.apache.spark.api.java.JavaSparkContext;

            abstract class Example {
                // an example may name variables as it likes
                DefaultTrainingConfig config;
                Model model;
                Block block;
                Block denseBlock;
                Trainer trainer;
                ImageData data;
                Tensor[] pictures;
                ExportCheck check;
                OnnxExport floats;
                OnnxExport int8;
                OnnxExport fourBits;
                List<int[]> labels;
                Calibration calibration;
                Path target;
                Checkpoint checkpoint;
                NDManager manager;
                NDList images;
                float[] pixels;
                int epochs;
                RandomAccessDataset training;
                RandomAccessDataset validation;
                long seed;
                BonsaiModel content;
                Graph graph;
                Map<String, EncodedWeight> weights;
                GraphModel traced;
                CompressionListener listener;
                CompressedModel first;
                Path file;

                abstract Outcome compress(double sparsity, int bits, int epochs) throws Exception;

                void example() throws Exception {
                    %s
                }
            }
            """;

    @DataProvider
    public Object[][] examples() throws IOException {
        List<Object[]> examples = new ArrayList<>();
        for (String page : new String[] {"README.md", "CONTRIBUTING.md"}) {
            find(Path.of(page), IN_MARKDOWN, examples);
        }
        try (Stream<Path> pages = Files.list(Path.of("docs"))) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
                find(page, IN_MARKDOWN, examples);
            }
        }
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(p -> p.toString().endsWith(".java")).toList()) {
                find(source, IN_JAVADOC, examples);
            }
        }
        return examples.toArray(new Object[0][]);
    }

    private static void find(Path file, Pattern pattern, List<Object[]> examples)
            throws IOException {
        Matcher matcher = pattern.matcher(Files.readString(file));
        while (matcher.find()) {
            String code = matcher.group(1).replaceAll("(?m)^ *\\* ?", "");
            if (!code.startsWith("mvn ")) {
                examples.add(new Object[] {file + ":" + examples.size(), code});
            }
        }
    }

    @Test
    public void thereAreExamplesToCompile() throws IOException {
        assertTrue(examples().length >= 8, "README and class comments have examples");
    }

    @Test(dataProvider = "examples")
    public void compiles(String where, String code) {
        StringWriter messages = new StringWriter();
        assertTrue(compile(source(code), messages), where + "\n" + messages + code);
    }

    @Test
    public void whatDoesNotCompileIsNoticed() {
        StringWriter messages = new StringWriter();
        assertEquals(compile(source("Pruning.builder().no();"), messages), false);
    }

    /** A shape is DJL's, or that of a graph, which is made by {@code Shape.of}. */
    private static String source(String code) {
        if (code.startsWith("import ")) {
            return code; // a whole class, with all that it needs
        }
        boolean ofGraph = code.contains("Shape.of(");
        return TEMPLATE.formatted(
                ofGraph ? "dev.bonsai.graph.type.Shape" : "ai.djl.ndarray.types.Shape", code);
    }

    private static boolean compile(String source, StringWriter messages) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of(
                        "-proc:none",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        "target/examples");
        try {
            Files.createDirectories(Path.of("target", "examples"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return compiler.getTask(messages, null, null, options, null, List.of(file)).call();
    }
}
