package dev.bonsai.kernel;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.activation.IntegerForm;
import dev.bonsai.core.Effect;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.kernel.RoundedPass.Known;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A model with the grids that its activations were trained with.
 *
 * @param model the model
 * @param notes what is to be said of them
 */
record TrainedGrids(BonsaiModel model, List<String> notes) {

    private static final int BITS = 8;

    /** Adds the grids that a run has come to, where it has rounded activations. */
    static TrainedGrids of(RunEnd end, BonsaiModel model) {
        if (end.plan().activations().isEmpty()) {
            return new TrainedGrids(model, List.of());
        }
        Map<String, ActivationGrid> grids = new LinkedHashMap<>();
        Known known = new Known(Mode.INFERENCE, end.parts().weights()::value);
        end.plan().activations().forEach((name, t) -> grids.put(name, t.grid(known)));
        Graph traced = end.parts().network().orElseThrow().graph();
        Set<String> floats = IntegerForm.floats(traced, selected(end));
        IntegerForm form = IntegerForm.of(model.graph().orElse(traced), floats);
        if (!form.plan().rounded().equals(grids.keySet()) || !isSame(model.graph(), traced)) {
            return new TrainedGrids(
                    model,
                    List.of(
                            "the graph of the file is not the one that was trained with rounded"
                                    + " activations, so that their ranges were left out: export it"
                                    + " in integers with a Calibration"));
        }
        ActivationGrids trained = new ActivationGrids(grids, floats);
        return new TrainedGrids(trained.addTo(model), notes(traced, trained, model));
    }

    /** Sizes may be others: channels may be gone that have no use. */
    private static boolean isSame(Optional<Graph> stored, Graph traced) {
        return stored.isEmpty()
                || stored.get().canonical().nodes().equals(traced.canonical().nodes());
    }

    private static Set<String> selected(RunEnd end) {
        List<Technique> techniques = end.settings().techniques();
        for (int i = 0; i < techniques.size(); ++i) {
            if (techniques.get(i).getEffect() == Effect.ACTIVATIONS) {
                return end.parts().proposals().targets(i).stream()
                        .map(TargetWeight::path)
                        .collect(Collectors.toSet());
            }
        }
        return Set.of();
    }

    private static List<String> notes(Graph traced, ActivationGrids trained, BonsaiModel model) {
        List<String> notes = new ArrayList<>();
        notes.add(
                "the metrics are those of rounded activations, as in the ONNX file in integers; the"
                        + " block that is left, and the .bonsai file in Java, compute them in floats");
        int bits = trained.grids().values().iterator().next().bits();
        if (bits != BITS) {
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "the activations have %d bits, and a file in integers has %d: it can't"
                                    + " be written with these ranges",
                            bits,
                            BITS));
        }
        Set<String> free = new TreeSet<>();
        for (String path : IntegerForm.floats(traced, trained.floats())) {
            if (!isOnGrid(model.weight(path).value())) {
                free.add(path);
            }
        }
        if (!free.isEmpty()) {
            notes.add(
                    "the ONNX file in integers rounds weights that were not judged rounded: "
                            + String.join(", ", free)
                            + ". Add Quantization with 8 bits or fewer, symmetric, or leave their"
                            + " products in floats with the WeightSelector of"
                            + " ActivationQuantization");
        }
        return notes;
    }

    private static boolean isOnGrid(EncodedWeight value) {
        return value instanceof GridWeight grid && grid.bits() <= BITS && grid.isSymmetric();
    }
}
