package dev.bonsai.tensorboard;

/** How often the values of a training are written. */
public enum Interval {
    /** At the end of each epoch: its means, those of the validation too. */
    EPOCH,
    /** The same, and the values of each training batch by themselves. */
    BATCH
}
