/**
 * Records as JSON and back: {@link dev.bonsai.json.RecordJson}, which recipes write the settings of
 * techniques with, and checkpoints the states of a training.
 *
 * <p>Stability: internal; recipes and checkpoints are read and written with their own packages.
 */
@NullMarked
package dev.bonsai.json;

import org.jspecify.annotations.NullMarked;
