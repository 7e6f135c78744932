/** The networks that the examples compress, each for images of one format and ten classes. */
package dev.bonsai.examples.network;
