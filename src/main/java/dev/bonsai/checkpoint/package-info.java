/**
 * Files of states: {@link dev.bonsai.checkpoint.StateFileWriter} writes records as JSON with the
 * arrays that they refer to, and {@link dev.bonsai.checkpoint.StateFileReader} reads them again.
 *
 * <p>Stability: may change; a checkpoint is for the version of Bonsai that wrote it.
 */
@NullMarked
package dev.bonsai.checkpoint;

import org.jspecify.annotations.NullMarked;
