package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.library.OptionalLibrary;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.internal.chartpart.Chart;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.display.DisplayTransformer;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;

/**
 * Has reports, ledgers, figures and XChart's charts show themselves when a cell of a notebook ends
 * with them. The Java kernel finds this class as a service; nothing else needs it.
 */
public final class NotebookDisplay implements DisplayProvider {

    private static final String PNG = "image/png";

    /** Constructs the service. */
    public NotebookDisplay() {}

    @Override
    public List<DisplayRenderer> getDisplayRenderers() {
        List<DisplayRenderer> renderers = new ArrayList<>();
        renderers.add(new Renderer<>(CompressionReport.class, r -> html(r, ReportHtml.of(r))));
        renderers.add(new Renderer<>(ByteLedger.class, l -> html(l, ReportHtml.of(l))));
        if (OptionalLibrary.CHARTS.isThere()) {
            renderers.add(new Renderer<>(Figure.class, NotebookDisplay::png));
            renderers.add(new Renderer<>(Chart.class, c -> png(Figure.row(c))));
        }
        return renderers;
    }

    @Override
    public List<DisplayTransformer> getDisplayTransformers() {
        return List.of();
    }

    private static DisplayData html(Object value, String html) {
        DisplayData data = DisplayData.fromHtml(html);
        data.putText(value.toString());
        return data;
    }

    private static DisplayData png(Figure figure) {
        byte[] small = Png.encode(FewColours.of(figure.toImage()));
        String image = Base64.getEncoder().encodeToString(small);
        DisplayData data = DisplayData.withType(PNG, image);
        data.putMetaData(PNG, Map.of("width", figure.width(), "height", figure.height()));
        data.putText(figure.charts().stream().map(Chart::getTitle).toList().toString());
        return data;
    }

    /** Renders the values of one type, whatever format the cell would like. */
    private record Renderer<T>(Class<T> type, Function<T, DisplayData> show)
            implements DisplayRenderer {

        @Override
        public Class<?> rendererClass() {
            return type;
        }

        @Override
        public boolean canRender(String mime) {
            return true;
        }

        @Override
        public DisplayData render(String mime, Object value) {
            return show.apply(type.cast(value));
        }
    }
}
