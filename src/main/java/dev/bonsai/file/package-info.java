/**
 * The {@code .bonsai} file: a compressed model in few bytes, with a ledger of where they went.
 *
 * <p>{@link dev.bonsai.file.BonsaiFile} writes and reads a {@link dev.bonsai.file.BonsaiModel}.
 * What is read is what was written: the same encoding, the same codes and therefore, bit for bit,
 * the same floats. Nothing here needs a tensor library.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.file;

import org.jspecify.annotations.NullMarked;
