/** The runnable examples, such as users would write them on top of the library. */
package dev.bonsai.examples;
