package dev.bonsai.kernel;

import ai.djl.nn.Block;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.file.Section;
import dev.bonsai.report.ModelSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out how long the files of a model are, before and after. The file is encoded in memory and
 * read back, which costs about as much as saving it.
 */
final class FileSizes {

    private final DenseLength before;
    private final Optional<ByteLedger> ledger;
    private final Optional<String> failure;
    private final Map<String, WeightBytes> weights;

    private FileSizes(DenseLength before, Optional<ByteLedger> ledger, Optional<String> failure) {
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
        DenseLength before = DenseLength.of(root);
        try {
            return new FileSizes(before, Optional.of(BonsaiFile.ledger(model)), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new FileSizes(before, Optional.empty(), Optional.of(String.valueOf(e)));
        }
    }

    ModelSize total() {
        return new ModelSize(before.bytes(), ledger.map(ByteLedger::total).orElse(0L));
    }

    /** Returns the bytes of a weight in the file; 0 if there is none. */
    long bytes(String path) {
        return weights.containsKey(path) ? weights.get(path).total() : 0;
    }

    /** Returns those bytes of a weight that are scales, zero points or a codebook. */
    long scaleBytes(String path) {
        return weights.containsKey(path) ? weights.get(path).bytes().get(Section.SCALES) : 0;
    }

    /** Says why no file can be written, and what a size is not. */
    List<String> notes() {
        return Stream.of(
                        before.note(),
                        failure.map(why -> "the model can't be written as a .bonsai file: " + why))
                .flatMap(Optional::stream)
                .toList();
    }
}
