/**
 * The command line {@code bonsai}: one class per command, on top of all else.
 *
 * <p>Stability: may change.
 */
@NullMarked
package dev.bonsai.cli;

import org.jspecify.annotations.NullMarked;
