package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.ConformanceConsumer.UnsupportedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs ONNX's own backend tests, a zip of them, through every consumer of a graph: {@code
 * OnnxConformance ZIP [PART-OF-NAME [CONSUMER]]}. Prints a line per case and consumer.
 */
public final class OnnxConformance {

    /** The tolerances of ONNX's own runner. */
    private static final double RELATIVE = 1e-3;

    private static final double ABSOLUTE = 1e-7;

    /** How a case came out. */
    enum Status {
        PASSED,
        FAILED,
        UNSUPPORTED
    }

    /** One line. */
    record Outcome(String name, String consumer, Status status, String detail) {

        @Override
        public String toString() {
            String line = status.name().toLowerCase(Locale.ROOT) + " " + name + " " + consumer;
            return detail.isEmpty() ? line : line + ": " + detail;
        }
    }

    private OnnxConformance() {}

    /** Runs a zip. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            throw new IllegalArgumentException(
                    "Name the zip of the tests: OnnxConformance ZIP [PART-OF-NAME [CONSUMER]]");
        }
        String part = arguments.length > 1 ? arguments[1] : "";
        List<ConformanceConsumer> consumers =
                consumers().stream()
                        .filter(c -> arguments.length < 3 || c.name().equals(arguments[2]))
                        .toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (ConformanceCase test : ConformanceCase.all(Path.of(arguments[0]))) {
            if (test.name().contains(part)) {
                for (Outcome outcome : run(test, consumers)) {
                    outcomes.add(outcome);
                    System.out.println(outcome);
                }
            }
        }
        for (ConformanceConsumer consumer : consumers) {
            System.out.println(
                    consumer.name()
                            + ": "
                            + totals(
                                    outcomes.stream()
                                            .filter(o -> o.consumer().equals(consumer.name()))
                                            .toList()));
        }
        System.out.println(totals(outcomes));
        if (count(outcomes, Status.FAILED) > 0) {
            throw new IllegalStateException("Some of ONNX's tests fail: see above");
        }
    }

    static List<ConformanceConsumer> consumers() {
        return List.of(
                new ShapeRules(), new PlainRuntime(), new BlockConsumer(), new ExportedFile());
    }

    static long count(List<Outcome> outcomes, Status status) {
        return outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }

    private static String totals(List<Outcome> outcomes) {
        return String.format(
                Locale.ROOT,
                "%d passed, %d failed, %d unsupported",
                count(outcomes, Status.PASSED),
                count(outcomes, Status.FAILED),
                count(outcomes, Status.UNSUPPORTED));
    }

    /** Runs a case through consumers. */
    static List<Outcome> run(ConformanceCase test, List<ConformanceConsumer> consumers) {
        List<Outcome> outcomes = new ArrayList<>();
        for (ConformanceConsumer consumer : consumers) {
            outcomes.add(run(test, consumer));
        }
        return outcomes;
    }

    private static Outcome run(ConformanceCase test, ConformanceConsumer consumer) {
        try {
            GraphModel model = OnnxImporter.read(test.model());
            double largest = 0;
            for (ConformanceCase.DataSet data : test.data()) {
                checkComplete(model, data);
                List<EncodedWeight> outputs = consumer.run(model, data);
                for (int i = 0; i < data.outputs().size(); ++i) {
                    largest = Math.max(largest, difference(outputs.get(i), data.outputs().get(i)));
                }
            }
            return new Outcome(test.name(), consumer.name(), Status.PASSED, "");
        } catch (OnnxFormatException e) {
            boolean unsupported = e.problem() == OnnxFormatException.Problem.UNSUPPORTED;
            return new Outcome(
                    test.name(),
                    consumer.name(),
                    unsupported ? Status.UNSUPPORTED : Status.FAILED,
                    e.getMessage());
        } catch (UnsupportedException e) {
            return new Outcome(test.name(), consumer.name(), Status.UNSUPPORTED, e.getMessage());
        } catch (Exception | AssertionError e) {
            String text = e instanceof AssertionError ? e.getMessage() : e.toString();
            return new Outcome(
                    test.name(),
                    consumer.name(),
                    Status.FAILED,
                    text
                            + (e instanceof GraphException || e instanceof AssertionError
                                    ? ""
                                    : at(e)));
        }
    }

    /** One case of the zip lacks its input. */
    private static void checkComplete(GraphModel model, ConformanceCase.DataSet data)
            throws UnsupportedException {
        if (data.inputs().size() != model.graph().inputs().size()) {
            throw new UnsupportedException(
                    "the model has "
                            + model.graph().inputs().size()
                            + " inputs, but the zip "
                            + data.inputs().size(),
                    null);
        }
    }

    private static String at(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    /** The largest difference, which is an error where it is beyond the tolerance. */
    private static double difference(EncodedWeight given, EncodedWeight expected) {
        if (Constants.type(given) != Constants.type(expected)
                || !Arrays.equals(given.shape(), expected.shape())) {
            throw new AssertionError(
                    "got "
                            + Constants.type(given)
                            + Arrays.toString(given.shape())
                            + ", expected "
                            + Constants.type(expected)
                            + Arrays.toString(expected.shape()));
        }
        float[] left = given.decode();
        float[] right = expected.decode();
        double largest = 0;
        boolean fits = true;
        for (int i = 0; i < left.length; ++i) {
            if (Float.compare(left[i], right[i]) != 0) {
                double difference = Math.abs((double) left[i] - right[i]);
                // a NaN or an infinity only fits itself
                fits &= difference <= ABSOLUTE + RELATIVE * Math.abs(right[i]);
                largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
            }
        }
        if (!fits) {
            throw new AssertionError("the largest difference is " + largest);
        }
        return largest;
    }
}
