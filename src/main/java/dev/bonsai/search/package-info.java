/**
 * Searches for the smallest or the best strategy by trying strategies: goals in bytes or metric,
 * random search and successive halving, and a journal from which an interrupted search goes on.
 */
package dev.bonsai.search;
