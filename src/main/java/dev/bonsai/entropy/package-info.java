/**
 * The entropy coder: numbers in as few bits as what came before lets expect. It knows no file and
 * no weight.
 */
package dev.bonsai.entropy;
