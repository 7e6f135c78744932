/** A model learns from a teacher while it is compressed. */
package dev.bonsai.distillation;
