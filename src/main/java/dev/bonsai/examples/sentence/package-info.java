/**
 * Sentences for the example that compresses an embedding model: pairs, tokens, batches, scores.
 *
 * <p>Stability: internal; they are for reading and running.
 */
@NullMarked
package dev.bonsai.examples.sentence;

import org.jspecify.annotations.NullMarked;
