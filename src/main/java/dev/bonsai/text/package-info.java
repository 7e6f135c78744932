/**
 * Writes numbers and tables for people, the same under every default locale, and reads names. Every
 * other package may use it; it knows none of them.
 *
 * <p>Stability: internal; other packages write their tables with it.
 */
@NullMarked
package dev.bonsai.text;

import org.jspecify.annotations.NullMarked;
