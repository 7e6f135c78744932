package dev.bonsai.kernel;

import ai.djl.nn.Block;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.Section;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.report.ModelSize;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds out how long the files of a model are, before and after. The file is encoded in memory and
 * read back, which costs about as much as saving it.
 */
final class FileSizes {

    private final long before;
    private final Optional<ByteLedger> ledger;
    private final Optional<String> failure;
    private final Map<String, WeightBytes> weights;

    private FileSizes(long before, Optional<ByteLedger> ledger, Optional<String> failure) {
        this.before = before;
        this.ledger = ledger;
        this.failure = failure;
        weights =
                ledger.map(ByteLedger::weights).stream()
                        .flatMap(all -> all.stream())
                        .collect(Collectors.toMap(WeightBytes::path, weight -> weight));
    }

    /** Measures a block and its compressed model. */
    static FileSizes of(Block root, BonsaiModel model) {
        long before = saved(root);
        try {
            return new FileSizes(before, Optional.of(BonsaiFile.ledger(model)), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new FileSizes(before, Optional.empty(), Optional.of(String.valueOf(e)));
        }
    }

    private static long saved(Block root) {
        Counter counter = new Counter();
        try (DataOutputStream out = new DataOutputStream(counter)) {
            root.saveParameters(out);
        } catch (IOException | RuntimeException e) {
            return 0; // a block that DJL can't save has no file
        }
        return counter.bytes;
    }

    ModelSize total() {
        return new ModelSize(before, ledger.map(ByteLedger::total).orElse(0L));
    }

    /** Returns the bytes of a weight in the file; 0 if there is none. */
    long bytes(String path) {
        return weights.containsKey(path) ? weights.get(path).total() : 0;
    }

    /** Returns those bytes of a weight that are scales, zero points or a codebook. */
    long scaleBytes(String path) {
        return weights.containsKey(path) ? weights.get(path).bytes().get(Section.SCALES) : 0;
    }

    /** Says why no file can be written. */
    Optional<String> note() {
        return failure.map(why -> "the model can't be written as a .bonsai file: " + why);
    }

    /** Counts what is written, and keeps nothing. */
    private static final class Counter extends OutputStream {

        private long bytes;

        @Override
        public void write(int b) {
            ++bytes;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
        }
    }
}
