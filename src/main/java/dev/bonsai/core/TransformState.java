package dev.bonsai.core;

/**
 * What a {@link WeightTransform} has decided and learned, as a value that can be written down: its
 * technique makes a transform of it that goes on, bit for bit, where the old one stood.
 *
 * <p>An implementation is a record whose components are numbers, truth values, texts, enums, {@code
 * BitSet}s, arrays of numbers, {@link dev.bonsai.encoding.Codes}, {@link StateArray}s, {@code
 * Optional}s and lists of these, and further such records. It is validated on construction, as it
 * may come from a file. What follows from the settings of the technique or from a seed, such as
 * noise, is left out and made again. See {@link StateType} for how it is named in files.
 */
public interface TransformState {}
