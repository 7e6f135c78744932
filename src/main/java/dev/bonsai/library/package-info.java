/**
 * Names the libraries that only some users need, where one of them is missing. Every other package
 * may use it; it knows none of them.
 *
 * <p>Stability: internal; other packages look here before they touch a class of such a library.
 */
@NullMarked
package dev.bonsai.library;

import org.jspecify.annotations.NullMarked;
