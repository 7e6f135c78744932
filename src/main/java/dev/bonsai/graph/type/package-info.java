/** What is known of a value before it is computed: the type of its elements and its shape. */
package dev.bonsai.graph.type;
