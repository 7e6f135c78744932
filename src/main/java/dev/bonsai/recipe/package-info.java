/**
 * The set-up of a compression as a value that a file holds: {@link
 * dev.bonsai.recipe.CompressionRecipe}, a YAML file of techniques by name; and compression
 * strategies by name, for commands and tables.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.recipe;

import org.jspecify.annotations.NullMarked;
