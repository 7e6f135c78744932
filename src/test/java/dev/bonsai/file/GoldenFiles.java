package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.encoding.WeightSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** The files that every version of the reader must read: one per kind and coding. */
final class GoldenFiles {

    private static final int[] SHAPE = {4, 25};
    private static final double[] DENSITIES = {1, 0.5, 0.03};
    private static final String[] CODINGS = {"plain", "bitmap", "gaps"};

    private GoldenFiles() {}

    /** Returns the models by name, the kind and the coding of which are those of the name. */
    static Map<String, BonsaiModel> all() {
        Random random = new Random(20);
        Map<String, EncodedWeight> weights = new LinkedHashMap<>();
        for (int i = 0; i < CODINGS.length; ++i) {
            double density = DENSITIES[i];
            String coding = "-" + CODINGS[i];
            weights.put("dense" + coding, WeightSamples.dense(random, SHAPE, density));
            weights.put("grid" + coding, WeightSamples.grid(random, SHAPE, 5, false, density));
            weights.put("symmetric" + coding, WeightSamples.grid(random, SHAPE, 4, true, density));
            weights.put("codebook" + coding, WeightSamples.codebook(random, SHAPE, 5, density));
            for (FloatFormat format : List.of(FloatFormat.FLOAT16, FloatFormat.BFLOAT16)) {
                String name = "short-" + format.name().toLowerCase(Locale.ROOT) + coding;
                weights.put(name, WeightSamples.reduced(random, SHAPE, format, density));
            }
            for (ElementType type : ElementType.EXACT) {
                String name = "exact-" + type.name().toLowerCase(Locale.ROOT) + coding;
                weights.put(name, WeightSamples.exact(random, SHAPE, type, density));
            }
        }
        weights.put("symmetric-nonzero", signs());
        int[] assignments = random.ints(100, 1, 5).map(i -> i == 2 ? 0 : i).toArray();
        float[] codebook = {-1.5f, 0.25f, 0, 3, 1e-40f};
        weights.put("codebook-nonzero", new CodebookWeight(SHAPE, codebook, assignments));
        weights.put("dense-empty-plain", new DenseWeight(new int[] {3, 0}, new float[0]));
        weights.put("dense-scalar-plain", new DenseWeight(new int[] {}, new float[] {-2.5f}));
        Map<String, BonsaiModel> models = new LinkedHashMap<>();
        Role[] roles = Role.values();
        weights.forEach((name, weight) -> models.put(name, model(name, weight, roles)));
        return models;
    }

    private static BonsaiModel model(String name, EncodedWeight weight, Role[] roles) {
        Role role = roles[name.length() % roles.length];
        return new BonsaiModel(
                List.of(new NamedWeight(name, role, weight)), List.of(new int[] {-1, 25}));
    }

    /** Signs with scales that are bfloat16. */
    private static GridWeight signs() {
        int[] codes = new int[100];
        for (int i = 0; i < codes.length; ++i) {
            codes[i] = i % 3 == 0 ? 1 : -1;
        }
        float[] scales = {0.5f, 1, 2, 0.75f};
        return new GridWeight(SHAPE, 2, new ScaleLayout(4, 25, 25), codes, scales, new int[4]);
    }

    /** Returns models of coded files by name: every kind of weight, and graphs. */
    static Map<String, BonsaiModel> coded() {
        Map<String, BonsaiModel> models = new LinkedHashMap<>();
        models.put("coded-all", Samples.all(21));
        models.put("coded-small", Samples.small());
        GraphSamples.all().forEach((name, model) -> models.put("coded-" + name, model));
        return models;
    }

    /** Writes the files into a folder, those of versions 2 and 3 too. */
    public static void main(String[] args) throws IOException {
        Map<String, BonsaiModel> models = all();
        models.putAll(GraphSamples.all());
        for (Map.Entry<String, BonsaiModel> each : models.entrySet()) {
            Path file = Path.of(args[0], each.getKey() + ".bonsai");
            BonsaiFile.write(file, each.getValue(), FileForm.PACKED);
        }
        for (Map.Entry<String, BonsaiModel> each : coded().entrySet()) {
            Path file = Path.of(args[0], each.getKey() + ".bonsai");
            BonsaiFile.write(file, each.getValue(), FileForm.CODED);
        }
    }
}
