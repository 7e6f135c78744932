package dev.bonsai.distillation;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import dev.bonsai.Toy;
import dev.bonsai.ToyTestBase;
import java.util.Arrays;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The formula, and where it holds. */
public class DistillationLossTest extends ToyTestBase {

    private static final int BATCH = 5;
    private static final int CLASSES = 3;

    private final Random random = new Random(3);

    @DataProvider
    public Object[][] settings() {
        return new Object[][] {
            {4f, 0.5f}, {1f, 0.25f}, {2f, 1f}, {0.5f, 0.75f}, {20f, 0.9f},
        };
    }

    private double[][] logits() {
        double[][] logits = new double[BATCH][CLASSES];
        for (double[] row : logits) {
            Arrays.setAll(row, i -> (float) (3 * random.nextGaussian()));
        }
        return logits;
    }

    private NDArray array(double[][] rows) {
        float[] values = new float[rows.length * rows[0].length];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        return toy.manager().create(values, new Shape(rows.length, rows[0].length));
    }

    private static double[] softmax(double[] logits, double temperature) {
        double[] p = Arrays.stream(logits).map(z -> Math.exp(z / temperature)).toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(e -> e / sum).toArray();
    }

    private NDList labels() {
        return new NDList(toy.manager().create(new float[] {0, 1, 2, 1, 0}));
    }

    private static DistillationLoss loss(float temperature, float weight) {
        return DistillationLoss.builder().optTemperature(temperature).optWeight(weight).build();
    }

    @Test(dataProvider = "settings")
    public void valueAndGradientAreThoseOfTheFormula(float temperature, float weight) {
        double[][] student = logits();
        double[][] teacher = logits();
        float[] labels = labels().head().toFloatArray();
        double value = 0;
        double[] gradient = new double[BATCH * CLASSES];
        for (int i = 0; i < BATCH; ++i) {
            double[] hard = softmax(student[i], 1);
            double[] p = softmax(teacher[i], temperature);
            double[] q = softmax(student[i], temperature);
            value -= (1 - weight) * Math.log(hard[(int) labels[i]]) / BATCH;
            for (int c = 0; c < CLASSES; ++c) {
                double kl = p[c] * Math.log(p[c] / q[c]);
                value += weight * temperature * temperature * kl / BATCH;
                double target = c == labels[i] ? 1 : 0;
                gradient[i * CLASSES + c] =
                        ((1 - weight) * (hard[c] - target) + weight * temperature * (q[c] - p[c]))
                                / BATCH;
            }
        }
        DistillationLoss loss = loss(temperature, weight);
        NDArray said = array(student);
        said.setRequiresGradient(true);
        loss.learn(said, array(teacher));
        float actual;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray evaluated = loss.evaluate(labels(), new NDList(said));
            collector.backward(evaluated);
            actual = evaluated.getFloat();
        }
        // sums of some tens of 32-bit floats, of logarithms multiplied by T^2
        double tolerance = 1e-6 * Math.max(1, temperature * temperature);
        assertEquals(actual, value, tolerance);
        float[] found = said.getGradient().toFloatArray();
        for (int i = 0; i < found.length; ++i) {
            assertEquals(found[i], gradient[i], tolerance, "element " + i);
        }
    }

    @Test
    public void aClassThatBothRuleOutAddsNothing() {
        double[][] student = logits();
        double[][] teacher = logits();
        NDArray kept = array(student).get(":, 1:").duplicate();
        kept.setRequiresGradient(true);
        float expected = divergence(kept, array(teacher).get(":, 1:"));
        for (int i = 0; i < BATCH; ++i) {
            student[i][0] = Double.NEGATIVE_INFINITY;
            teacher[i][0] = Double.NEGATIVE_INFINITY;
        }
        NDArray masked = array(student);
        masked.setRequiresGradient(true);
        assertEquals(divergence(masked, array(teacher)), expected, 1e-6);
        float[] gradient = masked.getGradient().toFloatArray();
        float[] ofKept = kept.getGradient().toFloatArray();
        for (int i = 0; i < gradient.length; ++i) {
            int column = i % CLASSES;
            float of = column == 0 ? 0 : ofKept[i / CLASSES * (CLASSES - 1) + column - 1];
            assertEquals(gradient[i], of, 1e-6, "element " + i);
        }
    }

    private float divergence(NDArray said, NDArray answer) {
        DistillationLoss loss = loss(4, 1);
        loss.learn(said, answer);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray evaluated = loss.evaluate(new NDList(), new NDList(said));
            collector.backward(evaluated);
            return evaluated.getFloat();
        }
    }

    @Test
    public void theDivergenceFromOneselfIsZero() {
        NDArray said = array(logits());
        said.setRequiresGradient(true);
        DistillationLoss loss = loss(4, 1);
        loss.learn(said, said.duplicate().stopGradient());
        assertEquals(loss.evaluate(labels(), new NDList(said)).getFloat(), 0f);
    }

    @Test
    public void theClassesMayLieAlongAnotherAxis() {
        NDArray said = array(logits());
        NDArray answer = array(logits());
        said.setRequiresGradient(true);
        DistillationLoss last = loss(4, 1);
        last.learn(said, answer);
        NDArray turned = said.transpose().stopGradient();
        turned.setRequiresGradient(true);
        DistillationLoss first =
                DistillationLoss.builder()
                        .optLoss(Loss.l2Loss())
                        .optTemperature(4)
                        .optWeight(1)
                        .optClassAxis(0)
                        .build();
        first.learn(turned, answer.transpose());
        NDList any = new NDList(toy.manager().zeros(turned.getShape()));
        // the same sums in another order: a few units in the last place
        assertEquals(
                first.evaluate(any, new NDList(turned)).getFloat(),
                last.evaluate(labels(), new NDList(said)).getFloat(),
                1e-5f);
    }

    @Test
    public void extremeLogitsGiveFiniteNumbers() {
        NDArray said = array(new double[][] {{300, -300, 0}});
        said.setRequiresGradient(true);
        DistillationLoss loss = loss(1, 0.5f);
        loss.learn(said, array(new double[][] {{-300, 300, 0}}));
        NDList label = new NDList(toy.manager().create(new float[] {0}));
        // the teacher is sure of what the student gives the probability exp(-600)
        assertEquals(loss.evaluate(label, new NDList(said)).getFloat(), 300f);
    }

    @Test
    public void outsideATrainingStepItIsThePlainLoss() {
        NDList predictions = new NDList(array(logits()));
        DistillationLoss loss = loss(4, 0.5f);
        float plain = Loss.softmaxCrossEntropyLoss().evaluate(labels(), predictions).getFloat();
        assertEquals(loss.evaluate(labels(), predictions).getFloat(), plain);
        loss.learn(array(logits()), array(logits()));
        assertEquals(loss.evaluate(labels(), predictions).getFloat(), plain);
    }

    @Test
    public void anotherArrayThanTheModelsOutputIsRefused() {
        NDArray said = array(logits());
        said.setRequiresGradient(true);
        DistillationLoss loss = loss(4, 0.5f);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray output = said.mul(2);
            loss.learn(output, array(logits()));
            NDList reshaped = new NDList(output.reshape(output.getShape()));
            String message =
                    expectThrows(
                                    IllegalStateException.class,
                                    () -> loss.evaluate(labels(), reshaped))
                            .getMessage();
            assertTrue(message.contains("trainer.forward(...) as it is"), message);
            collector.backward(loss.evaluate(labels(), new NDList(output)));
        }
        assertTrue(said.getGradient().abs().sum().getFloat() > 0);
    }

    @Test
    public void settingsAreChecked() {
        DistillationLoss.Builder builder = DistillationLoss.builder();
        for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(() -> builder.optTemperature(bad), "greater than 0, but got " + bad);
        }
        for (float bad : new float[] {-0.1f, 1.1f, Float.NaN}) {
            refused(() -> builder.optWeight(bad), "in [0, 1], but got " + bad);
        }
        refused(() -> builder.optTeacher(Toy.mlp()), "load or train it first");
    }

    private static void refused(Runnable setting, String part) {
        String message = expectThrows(IllegalArgumentException.class, setting::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
