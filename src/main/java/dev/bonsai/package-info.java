/**
 * Makes DJL models small while they train: {@link dev.bonsai.CompressionListener} is what users add
 * to a trainer, {@link dev.bonsai.CompressedModel} is what they get, and {@link
 * dev.bonsai.Sensitivity} tells them beforehand which weights bear compression.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai;

import org.jspecify.annotations.NullMarked;
