/**
 * What a model is given from a command line: arrays, tables and images, as the graph takes them.
 *
 * <p>Stability: internal.
 */
@NullMarked
package dev.bonsai.cli.input;

import org.jspecify.annotations.NullMarked;
