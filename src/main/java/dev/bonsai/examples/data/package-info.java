/**
 * The images that the examples learn from: MNIST, Fashion-MNIST and CIFAR-10 through DJL, a folder
 * of the user's, or the small set that comes with the project.
 *
 * <p>{@link dev.bonsai.examples.data.DataSource} and {@link
 * dev.bonsai.examples.data.ImageData#fromFolder} are the ways in; all of them end in an {@link
 * dev.bonsai.examples.data.ImageData}.
 *
 * <p>Stability: internal; they are for reading and running.
 */
@NullMarked
package dev.bonsai.examples.data;

import org.jspecify.annotations.NullMarked;
