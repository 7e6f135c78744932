package dev.bonsai.library;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.page.SearchPage;
import dev.bonsai.qr.QrCode;
import dev.bonsai.recipe.RecipeFormat;
import dev.bonsai.report.ReportCharts;
import dev.bonsai.tensorboard.TensorBoardListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A first call that needs each library; a class each, so that none is loaded with another. */
final class Uses {

    private static final Path NEVER = Path.of("never-written");

    private Uses() {}

    static final class OnnxMessages implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return OnnxImporter.read(new byte[0]);
        }
    }

    static final class OnnxRuntime implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            Graph graph =
                    new Graph(
                            List.of(),
                            List.of(),
                            Map.of("c", Constants.scalar(1)),
                            List.of(),
                            List.of("c"));
            return OnnxExporter.write(NEVER, new GraphModel(graph, Map.of()));
        }
    }

    static final class Protobuf implements Callable<Object> {
        @Override
        public Object call() {
            return TensorBoardListener.builder().setFolder(NEVER).build();
        }
    }

    static final class Yaml implements Callable<Object> {
        @Override
        public Object call() {
            return RecipeFormat.standard().text(null);
        }
    }

    static final class SimilarWords implements Callable<Object> {
        @Override
        public Object call() {
            return RecipeFormat.standard().parse("", "a test");
        }
    }

    static final class Templates implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            SearchPage.write("a search", "accuracy", List.of(), NEVER);
            return NEVER;
        }
    }

    static final class BrowserCharts implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            SearchPage.write("a search", "accuracy", List.of(), NEVER);
            return NEVER;
        }
    }

    static final class Charts implements Callable<Object> {
        @Override
        public Object call() {
            return ReportCharts.sizes(1, null);
        }
    }

    static final class QrCodes implements Callable<Object> {
        @Override
        public Object call() throws Exception {
            return QrCode.read(NEVER);
        }
    }
}
