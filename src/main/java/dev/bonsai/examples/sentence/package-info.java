/** Sentences for the example that compresses an embedding model: pairs, tokens, batches, scores. */
package dev.bonsai.examples.sentence;
