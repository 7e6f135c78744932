package dev.bonsai.kernel;

import java.util.Locale;

/**
 * How much of a training was told to the listener, which explains why nothing more came of it.
 *
 * @param batches the number of batches
 * @param epochs the number of epochs
 */
record EventsHeard(long batches, int epochs) {

    /** Says why nothing was compressed. */
    String nothingCompressed() {
        return "nothing was compressed: "
                + (epochs == 0
                        ? noEpoch()
                        : "the training ended before the first epoch that could be judged. Train"
                                + " for more epochs")
                + ", or give the gate data of its own with"
                + " Gate.builder().optEvaluation(dataset, evaluator)";
    }

    /** Says why a technique has not got to its target, where no gate was in the way. */
    String stoppedEarly() {
        return epochs == 0
                ? noEpoch()
                : "the training ended before it could go on. Train for more epochs";
    }

    private String noEpoch() {
        return String.format(
                Locale.ROOT,
                "the CompressionListener heard of %d batches and %d epochs. Train for more epochs,"
                        + " and in a training loop of your own call trainer.notifyListeners(l ->"
                        + " l.onTrainingBatch(trainer, batchData)) before each trainer.step() and"
                        + " trainer.notifyListeners(l -> l.onEpoch(trainer)) after each epoch",
                batches,
                epochs);
    }
}
