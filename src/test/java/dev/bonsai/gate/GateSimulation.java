package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import dev.bonsai.text.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What the gate's verdicts are worth, by simulation: models whose true accuracy is known take ten
 * steps under the real state machine. {@code mvn -q test-compile exec:java
 * -Dexec.classpathScope=test -Dexec.mainClass=dev.bonsai.gate.GateSimulation} prints the table of
 * docs/gate.md.
 */
final class GateSimulation {

    static final double TOLERANCE = 0.01;
    private static final int STEPS = 10;
    private static final int EPOCHS = 45;

    private GateSimulation() {}

    /**
     * What many runs came to.
     *
     * @param worse the fraction of runs in which a state was accepted that is really worse than
     *     tolerated
     * @param steps the mean number of steps that were accepted, of ten
     */
    record Found(double worse, double steps) {}

    /**
     * What is simulated.
     *
     * @param samples the samples of the gate's data
     * @param more those of its further data
     * @param confidence the gate's confidence
     * @param undecided what becomes of what is undecided
     * @param drop the true drop of each step, as a fraction of the tolerance
     */
    record Setting(
            int samples, int more, OptionalDouble confidence, Undecided undecided, double drop) {

        Gate gate() {
            Gate.Builder builder =
                    Gates.accuracy().optMaxDrop((float) TOLERANCE).optUndecided(undecided);
            confidence.ifPresent(builder::optConfidence);
            if (more > 0) {
                builder.optMoreData(new Gates.NoData());
            }
            return builder.build();
        }
    }

    /** Runs seeded models. */
    static Found run(Setting setting, int runs) {
        double[] worse = new double[runs];
        double[] steps = new double[runs];
        IntStream.range(0, runs)
                .parallel()
                .forEach(
                        seed -> {
                            NoisyStage stage = run(setting, (long) seed);
                            worse[seed] = stage.worstKept() > TOLERANCE ? 1 : 0;
                            steps[seed] = stage.keptLevel();
                        });
        return new Found(
                IntStream.range(0, runs).mapToDouble(i -> worse[i]).average().orElseThrow(),
                IntStream.range(0, runs).mapToDouble(i -> steps[i]).average().orElseThrow());
    }

    private static NoisyStage run(Setting setting, long seed) {
        double drop = setting.drop * TOLERANCE;
        double differing = Math.max(0.02, drop);
        NoisyStage stage =
                new NoisyStage(seed, setting.samples, setting.more, differing, level -> drop);
        double[] levels = IntStream.rangeClosed(1, STEPS).asDoubleStream().toArray();
        GateMachine machine =
                Machines.of(
                        List.of(setting.gate()),
                        List.of(
                                new JudgedTechnique(
                                        "t", Levels.of(0, levels, 1, Double::toString), 0)),
                        stage);
        machine.begin(0);
        for (int epoch = 1; epoch <= EPOCHS; ++epoch) {
            stage.train();
            machine.onEpoch(epoch);
        }
        machine.close(EPOCHS);
        return stage;
    }

    public static void main(String... args) {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
        TextTable table =
                new TextTable(
                        "gate",
                        "#samples",
                        "#really worse, at 1.001",
                        "#at 2",
                        "#steps of 10 at 0",
                        "#at 0.25",
                        "#at 0.5");
        for (int samples : new int[] {500, 2000, 10_000}) {
            row(table, "plain", samples, 0, OptionalDouble.empty(), Undecided.ROLLED_BACK, runs);
            for (Undecided undecided : Undecided.values()) {
                String name = "0.95, " + undecided.name().toLowerCase(Locale.ROOT);
                row(table, name, samples, 0, OptionalDouble.of(0.95), undecided, runs);
            }
            OptionalDouble sure = OptionalDouble.of(0.95);
            row(
                    table,
                    "0.95, as much more data",
                    samples,
                    samples,
                    sure,
                    Undecided.ROLLED_BACK,
                    runs);
        }
        System.out.println(table);
    }

    private static void row(
            TextTable table,
            String name,
            int samples,
            int more,
            OptionalDouble confidence,
            Undecided undecided,
            int runs) {
        Found[] found = new Found[5];
        double[] drops = {1.001, 2, 0, 0.25, 0.5};
        for (int i = 0; i < drops.length; ++i) {
            found[i] = run(new Setting(samples, more, confidence, undecided, drops[i]), runs);
        }
        table.row(
                name,
                Integer.toString(samples),
                String.format(Locale.ROOT, "%.1f %%", 100 * found[0].worse),
                String.format(Locale.ROOT, "%.1f %%", 100 * found[1].worse),
                String.format(Locale.ROOT, "%.1f", found[2].steps),
                String.format(Locale.ROOT, "%.1f", found[3].steps),
                String.format(Locale.ROOT, "%.1f", found[4].steps));
    }
}
