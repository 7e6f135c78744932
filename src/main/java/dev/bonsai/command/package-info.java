/**
 * What every command of a command line has: its exit status, errors of one line, options, a folder
 * to write to, and lines for people.
 *
 * <p>Stability: internal.
 */
@NullMarked
package dev.bonsai.command;

import org.jspecify.annotations.NullMarked;
