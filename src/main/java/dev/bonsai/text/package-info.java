/**
 * Writes numbers and tables for people, the same under every default locale. Every other package
 * may use it; it knows none of them.
 */
package dev.bonsai.text;
