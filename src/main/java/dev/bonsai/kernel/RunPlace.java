package dev.bonsai.kernel;

/**
 * How far a run is.
 *
 * @param epochs the epochs behind it
 * @param batches the batches of the next epoch behind it
 */
record RunPlace(int epochs, long batches) {}
