/**
 * Records as JSON and back: {@link dev.bonsai.json.RecordJson}, which recipes write the settings of
 * techniques with, and checkpoints the states of a training.
 */
package dev.bonsai.json;
