/**
 * What a model is given from a command line: arrays, tables and images, as the graph takes them.
 */
package dev.bonsai.cli.input;
