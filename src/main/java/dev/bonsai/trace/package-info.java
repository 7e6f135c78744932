/**
 * Looks into a forward pass from the outside: which operators it applies, to what, whatever the
 * block hides.
 */
package dev.bonsai.trace;
