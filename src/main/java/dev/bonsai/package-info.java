/**
 * Makes DJL models small while they train: {@link dev.bonsai.CompressionListener} is what users add
 * to a trainer.
 *
 * <p>The rest of the package is the kernel: a wrapper round the root block, a view of the parameter
 * store through which the forward pass sees effective weights, and the session that the gate works
 * on. The kernel knows techniques by {@link dev.bonsai.core.Technique} only.
 */
package dev.bonsai;
