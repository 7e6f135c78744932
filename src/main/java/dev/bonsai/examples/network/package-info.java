/** The networks that the examples compress, all for images of 28x28 pixels and ten classes. */
package dev.bonsai.examples.network;
