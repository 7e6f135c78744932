/**
 * The entropy coder: numbers in as few bits as what came before lets expect. It knows no file and
 * no weight.
 *
 * <p>Stability: may change; what files hold of it stays readable.
 */
@NullMarked
package dev.bonsai.entropy;

import org.jspecify.annotations.NullMarked;
