package dev.bonsai.kernel;

import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.TrainingTime;
import java.util.List;

/** What a run counts. */
final class RunCounts {

    private int epoch;
    private long batches;
    private long batchesOfEpoch;
    private long stepsAtLastPass;

    /**
     * The counts as a value, with what is counted elsewhere.
     *
     * @param epoch the epochs that have ended
     * @param batches the batches that were told of
     * @param batchesOfEpoch those of this epoch
     * @param stepsAtLastPass the steps before the last training pass
     * @param steps the steps of the optimizer
     * @param time how long it took
     * @param epochs how far the compression had come at each epoch's end
     */
    record Value(
            int epoch,
            long batches,
            long batchesOfEpoch,
            long stepsAtLastPass,
            long steps,
            TrainingTime time,
            List<EpochSummary> epochs) {}

    /** Returns the number of epochs that have ended. */
    int epoch() {
        return epoch;
    }

    long batches() {
        return batches;
    }

    void onBatch() {
        ++batches;
        ++batchesOfEpoch;
    }

    void onEpoch() {
        ++epoch;
        batchesOfEpoch = 0;
    }

    /** Tells whether there was a step since this was asked last. */
    boolean hasStepped(long steps) {
        boolean stepped = steps > stepsAtLastPass;
        stepsAtLastPass = steps;
        return stepped;
    }

    /** Tells whether steps were taken since the last pass up to a multiple of a number. */
    boolean isDue(int every, long steps) {
        return batchesOfEpoch > 0 && steps > stepsAtLastPass && steps % every == 0;
    }

    long batchesOfEpoch() {
        return batchesOfEpoch;
    }

    Value value(long steps, TrainingTime time, List<EpochSummary> epochs) {
        return new Value(
                epoch, batches, batchesOfEpoch, stepsAtLastPass, steps, time, List.copyOf(epochs));
    }

    /** Goes on counting. */
    void resume(Value counted) {
        epoch = counted.epoch;
        batches = counted.batches;
        batchesOfEpoch = counted.batchesOfEpoch;
        stepsAtLastPass = counted.stepsAtLastPass;
    }
}
