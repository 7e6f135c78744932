/**
 * Searches for the smallest or the best strategy by trying strategies: goals in bytes or metric,
 * random search and successive halving, and a journal from which an interrupted search goes on.
 *
 * <p>Stability: may change, as more ways to search come.
 */
@NullMarked
package dev.bonsai.search;

import org.jspecify.annotations.NullMarked;
