/** The command line {@code bonsai}: one class per command, on top of all else. */
package dev.bonsai.cli;
