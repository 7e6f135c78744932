package dev.bonsai.gate;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.evaluator.IndexEvaluator;
import ai.djl.training.evaluator.TopKAccuracy;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class TrainerMetricTest {

    /** A listener with a gate, as far as its metric is concerned. */
    private static final class Guest extends TrainingListenerAdapter {

        private final TrainerMetric metric;
        private final List<Double> measured = new ArrayList<>();

        Guest(TrainerMetric metric) {
            this.metric = metric;
        }

        @Override
        public void onTrainingBegin(Trainer trainer) {
            metric.attach(trainer, this);
        }

        @Override
        public void onEpoch(Trainer trainer) {
            measured.add(metric.measure(trainer).value());
        }
    }

    private static TrainerMetric monitored(String name) {
        return new TrainerMetric(Optional.ofNullable(name), Optional.empty());
    }

    /** Trains an epoch and returns what the guest measured, next to what DJL says itself. */
    private static double[] fit(
            TrainerMetric metric,
            List<Evaluator> evaluators,
            String name,
            Guest guest,
            TrainingListener... listeners)
            throws Exception {
        try (Trainings training = new Trainings(evaluators, List.of(listeners))) {
            Dataset data = training.data();
            EasyTrain.fit(training.trainer(), 1, data, data);
            float expected = training.trainer().getTrainingResult().getValidateEvaluation(name);
            assertEquals(metric.name(), name);
            return new double[] {guest.measured.get(0), expected};
        }
    }

    private static String attachError(
            TrainerMetric metric, List<Evaluator> evaluators, boolean before, boolean after) {
        List<TrainingListener> listeners = new ArrayList<>();
        if (before) {
            listeners.add(new EvaluatorTrainingListener());
        }
        listeners.add(new Guest(metric));
        if (after) {
            listeners.add(new EvaluatorTrainingListener());
        }
        return expectThrows(
                        RuntimeException.class, () -> new Trainings(evaluators, listeners).close())
                .getMessage();
    }

    @Test
    void valueIsTheValidationResultOfTheNamedEvaluator() throws Exception {
        TrainerMetric metric = monitored("SoftmaxCrossEntropyLoss");
        Guest guest = new Guest(metric);
        double[] got =
                fit(
                        metric,
                        List.of(new Accuracy()),
                        "SoftmaxCrossEntropyLoss",
                        guest,
                        new EvaluatorTrainingListener(),
                        guest);
        assertEquals(got[0], got[1]);
        assertEquals(metric.direction(), Direction.LOWER_IS_BETTER);
        assertFalse(metric.isAtWill());
    }

    @Test
    void firstEvaluatorIsMonitoredByDefault() throws Exception {
        TrainerMetric metric = monitored(null);
        Guest guest = new Guest(metric);
        double[] got =
                fit(
                        metric,
                        List.of(new Accuracy("first"), new TopKAccuracy("second", 2)),
                        "first",
                        guest,
                        new EvaluatorTrainingListener(),
                        guest);
        assertEquals(got[0], got[1]);
        assertEquals(metric.direction(), Direction.HIGHER_IS_BETTER);
    }

    @Test
    void anotherRecorderBetweenOrBehindDoesNotHideTheValue() throws Exception {
        TrainerMetric metric = monitored("Accuracy");
        Guest guest = new Guest(metric);
        // The first recorder resets the evaluators, so that the others record NaN.
        double[] got =
                fit(
                        metric,
                        List.of(new Accuracy()),
                        "Accuracy",
                        guest,
                        new EvaluatorTrainingListener(),
                        new EvaluatorTrainingListener(),
                        guest,
                        new EvaluatorTrainingListener());
        assertTrue(got[0] >= 0 && got[0] <= 1, "measured " + got[0]);
    }

    @Test
    void recorderMustStandBeforeTheListener() {
        for (boolean after : new boolean[] {false, true}) {
            String message =
                    attachError(monitored("Accuracy"), List.of(new Accuracy()), false, after);
            assertTrue(message.contains("EvaluatorTrainingListener stands before"), message);
            assertTrue(message.contains("TrainingListener.Defaults.logging()"), message);
            assertTrue(message.contains("optEvaluation"), message);
        }
    }

    @Test
    void evaluatorThatTheTrainerLacksIsAnErrorThatListsThoseItHas() {
        String message = attachError(monitored("F1"), List.of(new Accuracy()), true, false);
        assertTrue(message.contains("'F1'"), message);
        assertTrue(message.contains("[Accuracy, SoftmaxCrossEntropyLoss]"), message);
        assertTrue(message.contains("addEvaluator"), message);
    }

    @Test
    void unknownDirectionIsAnErrorWhenTrainingBegins() {
        Evaluator unknown = new IndexEvaluator(new Accuracy("odd"), 0);
        String message = attachError(monitored(unknown.getName()), List.of(unknown), true, false);
        assertTrue(message.contains("optDirection"), message);
        TrainerMetric told =
                new TrainerMetric(Optional.of("odd"), Optional.of(Direction.HIGHER_IS_BETTER));
        try (Trainings training =
                new Trainings(
                        List.of(new Accuracy("odd")),
                        List.of(new EvaluatorTrainingListener(), new Guest(told)))) {
            assertEquals(told.direction(), Direction.HIGHER_IS_BETTER);
            assertEquals(training.trainer().getEvaluators().size(), 2);
        }
    }

    @Test
    void epochWithoutValidationIsAnErrorWithARemedy() {
        for (String name : new String[] {"Accuracy", "SoftmaxCrossEntropyLoss"}) {
            Guest guest = new Guest(monitored(name));
            List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), guest);
            try (Trainings training = new Trainings(List.of(new Accuracy()), listeners)) {
                String message =
                        expectThrows(
                                        IllegalStateException.class,
                                        () ->
                                                EasyTrain.fit(
                                                        training.trainer(),
                                                        1,
                                                        training.data(),
                                                        null))
                                .getMessage();
                assertTrue(message.contains("no validation " + name), message);
                assertTrue(message.contains("validation set to EasyTrain.fit"), message);
            }
        }
    }

    @Test
    void measuringBeforeTheFirstEpochIsAnErrorWithARemedy() {
        Guest guest = new Guest(monitored("Accuracy"));
        List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), guest);
        try (Trainings training = new Trainings(List.of(new Accuracy()), listeners)) {
            String message =
                    expectThrows(
                                    IllegalStateException.class,
                                    () -> guest.metric.measure(training.trainer()))
                            .getMessage();
            assertTrue(message.contains("no validation Accuracy"), message);
        }
    }

    @Test
    void lossOfAModelThatHasDivergedIsNaNAndNoError() throws Exception {
        for (List<Evaluator> evaluators :
                List.of(List.<Evaluator>of(), List.<Evaluator>of(new Accuracy()))) {
            Guest guest = new Guest(monitored("SoftmaxCrossEntropyLoss"));
            List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), guest);
            try (Trainings training = new Trainings(evaluators, listeners)) {
                NDArray weight =
                        training.trainer()
                                .getModel()
                                .getBlock()
                                .getParameters()
                                .valueAt(0)
                                .getArray();
                weight.set(new float[(int) weight.size()]);
                weight.divi(0); // 0 / 0
                Dataset data = training.data();
                EasyTrain.fit(training.trainer(), 1, data, data);
                assertEquals(guest.measured, List.of(Double.NaN));
            }
        }
    }

    @DataProvider
    Object[][] heads() {
        Evaluator first = new IndexEvaluator(new Accuracy(), 0);
        Evaluator second = new IndexEvaluator(new Accuracy(), 1);
        return new Object[][] {
            {List.of(first, second), null},
            {List.of(first, second), "Accuracy"},
            {List.of(new Accuracy(), new TopKAccuracy(2), new Accuracy()), null},
            {List.of(Loss.softmaxCrossEntropyLoss()), "SoftmaxCrossEntropyLoss"},
        };
    }

    @Test(dataProvider = "heads")
    void evaluatorsOfOneNameAreRefusedWithARemedy(List<Evaluator> evaluators, String name) {
        TrainerMetric metric =
                new TrainerMetric(
                        Optional.ofNullable(name), Optional.of(Direction.HIGHER_IS_BETTER));
        String message = attachError(metric, evaluators, true, false);
        assertTrue(message.contains("one value per name"), message);
        assertTrue(message.contains("head 1"), message);
        assertTrue(message.contains("optEvaluation"), message);
    }

    @Test
    void othersMayShareANameThatIsNotMonitored() throws Exception {
        TrainerMetric metric = monitored("Top_2_Accuracy");
        Guest guest = new Guest(metric);
        double[] got =
                fit(
                        metric,
                        List.of(new Accuracy(), new Accuracy(), new TopKAccuracy(2)),
                        "Top_2_Accuracy",
                        guest,
                        new EvaluatorTrainingListener(),
                        guest);
        assertEquals(got[0], got[1]);
    }

    @Test
    void accuracyOfAModelThatHasDivergedIsNaNToo() throws Exception {
        Guest guest = new Guest(monitored("Accuracy"));
        List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), guest);
        try (Trainings training = new Trainings(List.of(new Accuracy()), listeners)) {
            Block block = training.trainer().getModel().getBlock();
            NDArray weight = block.getParameters().valueAt(0).getArray();
            weight.set(new float[(int) weight.size()]);
            weight.divi(0); // 0 / 0
            Dataset data = training.data();
            EasyTrain.fit(training.trainer(), 1, data, data);
            float accuracy =
                    training.trainer().getTrainingResult().getValidateEvaluation("Accuracy");
            assertFalse(Float.isNaN(accuracy), "what DJL says");
            assertEquals(guest.measured, List.of(Double.NaN));
            String note = guest.metric.notes().get(0);
            assertTrue(note.contains("validation loss was NaN"), note);
        }
    }

    @Test
    void loopThatTellsNothingIsNotTakenForOneThatHasDiverged() throws Exception {
        Guest guest = new Guest(monitored("Accuracy"));
        List<TrainingListener> listeners = List.of(new EvaluatorTrainingListener(), guest);
        try (Trainings training = new Trainings(List.of(new Accuracy()), listeners)) {
            Trainer trainer = training.trainer();
            for (Batch batch : trainer.iterateDataset(training.data())) {
                TrainingListener.BatchData untold =
                        new TrainingListener.BatchData(batch, Map.of(), Map.of());
                trainer.notifyListeners(listener -> listener.onTrainingBatch(trainer, untold));
                batch.close();
            }
            trainer.notifyListeners(listener -> listener.onEpoch(trainer));
            assertEquals(guest.measured, List.of(Double.NaN));
            String note = guest.metric.notes().get(0);
            assertTrue(note.contains("BatchData without labels and predictions"), note);
        }
    }
}
