package dev.bonsai.gate;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.loss.Loss;
import ai.djl.util.Progress;
import java.util.List;

/** Gates for tests in which a {@link FakeStage} stands for the evaluation. */
final class Gates {

    private Gates() {}

    static Gate.Builder accuracy() {
        return Gate.builder().optEvaluation(new NoData(), new Accuracy());
    }

    static Gate.Builder loss() {
        return Gate.builder().optEvaluation(new NoData(), Loss.softmaxCrossEntropyLoss());
    }

    /** A data set without samples. */
    static final class NoData implements Dataset {
        @Override
        public Iterable<Batch> getData(NDManager manager) {
            return List.of();
        }

        @Override
        public void prepare(Progress progress) {}
    }
}
