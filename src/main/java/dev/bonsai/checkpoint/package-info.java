/**
 * Files of states: {@link dev.bonsai.checkpoint.StateFileWriter} writes records as JSON with the
 * arrays that they refer to, and {@link dev.bonsai.checkpoint.StateFileReader} reads them again.
 */
package dev.bonsai.checkpoint;
