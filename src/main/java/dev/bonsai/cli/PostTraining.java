package dev.bonsai.cli;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.command.InputException;
import dev.bonsai.core.EngineValues;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Compresses a model as it is: the techniques go to their targets at once, without a step of
 * training. What that costs is measured afterwards, so that the gate accepts all but NaN.
 */
final class PostTraining {

    /** The samples that the gate looks at: it only finds out what is no number any more. */
    private static final int LOOKED_AT = 1;

    private PostTraining() {}

    /**
     * Compresses a model.
     *
     * @throws InputException if a technique does not reach its target
     */
    static CompressedModel compress(GraphModel graph, List<Technique> techniques, Samples samples)
            throws IOException, TranslateException {
        Samples few = samples.atMost(LOOKED_AT);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(techniques)
                        .optWarmup(0)
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(
                                                OriginalAnswers.of(graph, few), new Closeness())
                                        .optDirection(Direction.HIGHER_IS_BETTER)
                                        .optMaxDrop(Closeness.FARTHEST)
                                        .optRecoveryEpochs(0)
                                        .build())
                        .build();
        DefaultTrainingConfig config =
                new DefaultTrainingConfig(Loss.l2Loss()).addTrainingListeners(listener);
        GraphBlock block = GraphBlock.of(graph).keepStatistics();
        try (Model model = Model.newInstance("model")) {
            block.initialize(model.getNDManager());
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config);
                    NDManager manager = model.getNDManager().newSubManager()) {
                NDList inputs = arrays(few.all().get(0).inputs(), manager);
                trainer.initialize(inputs.getShapes());
                trainer.forward(inputs); // the techniques begin here; closing the trainer ends them
            }
        }
        check(listener.getReport().trials());
        return listener.getCompressedModel();
    }

    private static void check(List<Trial> trials) {
        for (Trial trial : trials) {
            if (trial.verdict() == Verdict.ROLLED_BACK || trial.verdict() == Verdict.REFUSED) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "The model does not bear a %s of %s: its outputs are no numbers"
                                        + " any more, or all differ; ask for less",
                                trial.technique(),
                                trial.asked()));
            }
        }
    }

    /** Makes arrays of plain values. */
    static NDList arrays(List<Tensor> values, NDManager manager) {
        NDList arrays = new NDList();
        values.forEach(value -> arrays.add(EngineValues.array(manager, value.encode())));
        return arrays;
    }
}
