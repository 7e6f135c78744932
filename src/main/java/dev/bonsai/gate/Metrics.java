package dev.bonsai.gate;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What the gates have measured of one state of the model.
 *
 * @param byGate one measurement per gate, in their order
 */
public record Metrics(List<Measurement> byGate) {

    /** Copies the list. */
    public Metrics {
        byGate = List.copyOf(byGate);
    }

    /**
     * Returns metrics of which nothing but the numbers is known.
     *
     * @param values one metric per gate
     * @return the metrics
     */
    public static Metrics of(double... values) {
        return new Metrics(Arrays.stream(values).mapToObj(Measurement::of).toList());
    }

    /**
     * Returns what stands for metrics that are not measured: NaN, which no gate accepts.
     *
     * @param gates the number of gates
     * @return the metrics
     */
    public static Metrics none(int gates) {
        return new Metrics(Collections.nCopies(gates, Measurement.NONE));
    }

    Measurement gate(int gate) {
        return byGate.get(gate);
    }

    /**
     * Returns the metric of one gate.
     *
     * @param gate the index of the gate
     * @return the metric, NaN if there is none
     */
    public double value(int gate) {
        return byGate.get(gate).value();
    }

    /**
     * Returns the metrics as numbers.
     *
     * @return one metric per gate
     */
    public double[] values() {
        return byGate.stream().mapToDouble(Measurement::value).toArray();
    }

    boolean areFinite() {
        return byGate.stream().allMatch(measurement -> Double.isFinite(measurement.value()));
    }
}
