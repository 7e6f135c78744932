package dev.bonsai.page;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.gate.Direction;
import dev.bonsai.report.CompressionReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that is known of a run, for {@link ReportPage} to show. Only the title and what the listener
 * reports are needed; a page leaves out what is not there.
 *
 * <pre>{@code
 * CompressionReport report = listener.getReport();
 * listener.getCompressedModel().save(Path.of("model.bonsai"));
 * RunReport run =
 *         RunReport.builder("lenet5 on digits", report)
 *                 .optFile(Path.of("model.bonsai"))
 *                 .addFact("seed", 1)
 *                 .build();
 * ReportPage.write(run, Path.of("out"));
 * }</pre>
 */
public final class RunReport {

    final String title;
    final CompressionReport report;
    final Map<String, Object> facts;
    final String metric;
    final Direction direction;
    final Optional<Measured> dense;
    final Optional<Measured> compressed;
    final Optional<ByteLedger> ledger;
    final List<WeightView> weights;
    final List<Layer> layers;
    final List<Deployed> deployed;
    final List<Difference> differences;
    final List<FrontPoint> front;
    final List<String> steps;

    private RunReport(Builder builder) {
        title = builder.title;
        report = builder.report;
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(builder.facts));
        metric = builder.metric;
        direction = builder.direction;
        dense = Optional.ofNullable(builder.dense);
        compressed = Optional.ofNullable(builder.compressed);
        ledger = Optional.ofNullable(builder.ledger);
        weights = List.copyOf(builder.views());
        layers =
                builder.model == null
                        ? List.of()
                        : builder.model.graph().map(Layer::of).orElse(List.of());
        deployed = List.copyOf(builder.deployed);
        differences = List.copyOf(builder.differences);
        front = List.copyOf(builder.front);
        steps = List.copyOf(builder.steps);
    }

    /**
     * Begins with what every run has.
     *
     * @param title which model on which data
     * @param report what the listener reports
     * @return a builder
     */
    public static Builder builder(String title, CompressionReport report) {
        return new Builder(title, report);
    }

    /**
     * Returns how many rows of a weight are kept, as people read it; blank where that says nothing.
     */
    String kept(String path) {
        return weights.stream()
                .filter(view -> view.path().equals(path) && view.rows() > 1)
                .map(view -> view.keptRows() + " of " + view.rows())
                .findFirst()
                .orElse("");
    }

    /** Builds a {@link RunReport}. */
    public static final class Builder {

        private final String title;
        private final CompressionReport report;
        private final Map<String, Object> facts = new LinkedHashMap<>();
        private final Map<String, float[]> before = new HashMap<>();
        private final List<Deployed> deployed = new ArrayList<>();
        private final List<Difference> differences = new ArrayList<>();
        private final List<FrontPoint> front = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private String metric;
        private Direction direction = Direction.HIGHER_IS_BETTER;
        private Measured dense;
        private Measured compressed;
        private BonsaiModel model;
        private ByteLedger ledger;

        private Builder(String title, CompressionReport report) {
            this.title = Objects.requireNonNull(title, "title");
            this.report = Objects.requireNonNull(report, "report");
            metric = report.metric();
        }

        /**
         * Adds something that the run depended on: the data, the seed, a setting.
         *
         * @param name its name
         * @param value a number, a truth value or a text; of anything else its text
         * @return this builder
         */
        public Builder addFact(String name, Object value) {
            boolean plain = value instanceof Number || value instanceof Boolean;
            facts.put(name, plain ? value : String.valueOf(value));
            return this;
        }

        /**
         * Sets what was measured on data that no choice was made on.
         *
         * @param name the name of the metric
         * @param before of the dense model
         * @param after of the compressed model, as its file holds it
         * @return this builder
         */
        public Builder optMeasured(String name, Measured before, Measured after) {
            metric = Objects.requireNonNull(name, "name");
            dense = Objects.requireNonNull(before, "before");
            compressed = Objects.requireNonNull(after, "after");
            return this;
        }

        /**
         * Sets which metric is the better one, of the files that are compared.
         *
         * @param better which way the metric of {@link #optMeasured} is better (default: higher)
         * @return this builder
         */
        public Builder optDirection(Direction better) {
            direction = Objects.requireNonNull(better, "better");
            return this;
        }

        /**
         * Has the page show a file: where its bytes are, its values and its graph.
         *
         * @param file a {@code .bonsai} file
         * @return this builder
         * @throws IOException if it can't be read
         */
        public Builder optFile(Path file) throws IOException {
            model = BonsaiFile.read(file);
            ledger = BonsaiFile.ledger(file);
            return this;
        }

        /**
         * Has the page show the values before, beside those of the file.
         *
         * @param block the dense model, initialised: one with the weights from before, as the block
         *     that was trained holds the compressed ones when the training has ended. Its 32-bit
         *     floats are copied, as techniques work on no other type
         * @return this builder
         */
        public Builder optDense(Block block) {
            for (Pair<String, Parameter> parameter : block.getParameters()) {
                NDArray values = parameter.getValue().getArray();
                if (values.getDataType() == DataType.FLOAT32) {
                    before.put(parameter.getKey(), values.toFloatArray());
                }
            }
            return this;
        }

        /**
         * Adds a file where it would be used.
         *
         * @param file what was measured of it
         * @return this builder
         */
        public Builder addDeployed(Deployed file) {
            deployed.add(file);
            return this;
        }

        /**
         * Adds a sample on which the dense and the compressed model differ.
         *
         * @param difference the sample
         * @return this builder
         */
        public Builder addDifference(Difference difference) {
            differences.add(difference);
            return this;
        }

        /**
         * Adds a trial of the search that led to this run.
         *
         * @param point the trial
         * @return this builder
         */
        public Builder addFrontPoint(FrontPoint point) {
            front.add(point);
            return this;
        }

        /**
         * Adds a line that says how to repeat the run, such as a command.
         *
         * @param line the line
         * @return this builder
         */
        public Builder addStep(String line) {
            steps.add(line);
            return this;
        }

        /**
         * Builds the report.
         *
         * @return all of it; later changes of this builder don't change it
         */
        public RunReport build() {
            return new RunReport(this);
        }

        private List<WeightView> views() {
            if (model == null) {
                return List.of();
            }
            return model.weights().stream()
                    .filter(weight -> weight.role() == NamedWeight.Role.WEIGHT)
                    .map(
                            weight ->
                                    WeightView.of(
                                            weight,
                                            before.getOrDefault(weight.path(), new float[0])))
                    .toList();
        }
    }
}
