package dev.bonsai.cli.input;

import dev.bonsai.runtime.Tensor;

/**
 * One sample of one input.
 *
 * @param name what people know it by
 * @param value the value of the input's type, with a first axis of size 1
 */
record Row(String name, Tensor value) {}
