/** Compression strategies by name, as values that commands, recipes and journals can share. */
package dev.bonsai.recipe;
