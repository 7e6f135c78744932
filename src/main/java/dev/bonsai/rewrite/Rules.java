package dev.bonsai.rewrite;

import java.util.ArrayList;
import java.util.List;

/** The rules, in the order in which they are tried. */
final class Rules {

    private Rules() {}

    static List<Rule> of(Simplifier.Mode mode) {
        List<Rule> rules = new ArrayList<>(everywhere());
        if (mode == Simplifier.Mode.INFERENCE) {
            rules.add(new DropDropout());
            rules.add(new FoldBatchNormalization());
        }
        return List.copyOf(rules);
    }

    private static List<Rule> everywhere() {
        return List.of(
                new FoldNumbers(),
                new FoldConstants(),
                new MergeEqualNodes(),
                new DropIdentity(),
                new DropUnchanged(),
                new DropTranspose(),
                new MergeReshapes(),
                new FixReshape(),
                new RecogniseGelu(),
                new RecogniseHardSwish(),
                new RecogniseLayerNormalization(),
                new ScaleLayerNormalization(),
                new GemmOfMatMul(),
                new BiasOfConv(),
                new PartOfShape());
    }
}
