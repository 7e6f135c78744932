package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiModel;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Initialises a block with the input shapes of a file that nobody has vouched for: each parameter
 * is compared with the file's before it takes memory.
 */
final class BlockInitialization {

    /** So many elements all inputs have at most: some blocks find their shapes with an input. */
    static final long MOST_INPUT_ELEMENTS = 1L << 26;

    private static final String REMEDY =
            ". Initialise the block with the shapes of your inputs, and apply the file then";

    /** The types of which the engine makes arrays; it ends the process for others. */
    private static final Set<ElementType> MADE =
            EnumSet.complementOf(
                    EnumSet.of(
                            ElementType.BFLOAT16,
                            ElementType.INT16,
                            ElementType.UINT16,
                            ElementType.UINT32,
                            ElementType.UINT64));

    private final BonsaiModel content;
    private final Block block;
    private final List<TargetWeight> uninitialised;

    BlockInitialization(BonsaiModel content, Block block) {
        this.content = content;
        this.block = block;
        uninitialised =
                TargetWeight.allOf(block).stream()
                        .filter(weight -> !weight.parameter().isInitialized())
                        .toList();
    }

    void run(NDManager manager) {
        ArchitectureCheck.compareUninitialised(content.weights(), TargetWeight.allOf(block));
        checkInputs();
        Shape[] shapes = content.inputShapes().stream().map(Tensors::shape).toArray(Shape[]::new);
        Map<Parameter, Initializer> before = new HashMap<>();
        Map<String, NamedWeight> stored =
                content.weights().stream()
                        .collect(Collectors.toMap(NamedWeight::path, Function.identity()));
        boolean done = false;
        try {
            for (TargetWeight weight : uninitialised) {
                before.put(weight.parameter(), weight.parameter().getInitializer());
                weight.parameter().setInitializer(new Checked(stored.get(weight.path())));
            }
            block.initialize(manager, DataType.FLOAT32, shapes);
            done = true;
        } catch (Checked.Refusal e) {
            throw e.why;
        } catch (RuntimeException e) { // of the engine, or of a block
            throw new IllegalArgumentException(
                    "The block can't be initialised with the input shapes of the file, "
                            + text()
                            + REMEDY,
                    e);
        } finally {
            before.forEach(Parameter::setInitializer);
            if (!done) {
                uninitialised.forEach(weight -> weight.parameter().close());
            }
        }
    }

    private void checkInputs() {
        double elements = 0;
        for (int[] shape : content.inputShapes()) {
            double product = 1;
            for (int dimension : shape) {
                product *= Math.max(1, dimension);
            }
            elements += product;
        }
        if (elements > MOST_INPUT_ELEMENTS) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A block is initialised with inputs of at most %d elements, but the"
                                    + " file has the input shapes %s%s",
                            MOST_INPUT_ELEMENTS,
                            text(),
                            REMEDY));
        }
    }

    private String text() {
        String shapes =
                content.inputShapes().stream()
                        .limit(3)
                        .map(BlockInitialization::cut)
                        .collect(Collectors.joining(", "));
        return content.inputShapes().size() <= 3
                ? shapes
                : shapes + ", ... (" + content.inputShapes().size() + " inputs)";
    }

    private static String cut(int[] shape) {
        String text = Arrays.toString(Arrays.copyOf(shape, Math.min(8, shape.length)));
        return shape.length <= 8 ? text : text + "... (" + shape.length + " dimensions)";
    }

    /** Takes memory for the shape of the file only; the values follow. */
    private record Checked(NamedWeight stored) implements Initializer {

        /** Tells our refusal from the exceptions of blocks. */
        private static final class Refusal extends RuntimeException {

            private static final long serialVersionUID = 1L;

            private final IllegalArgumentException why;

            Refusal(IllegalArgumentException why) {
                super(why);
                this.why = why;
            }
        }

        private DataType type(DataType usual) {
            return stored.value() instanceof ExactWeight exact && MADE.contains(exact.type())
                    ? DataType.valueOf(exact.type().name())
                    : usual;
        }

        @Override
        public NDArray initialize(NDManager manager, Shape shape, DataType type) {
            try {
                ArchitectureCheck.compare(stored, shape);
            } catch (IllegalArgumentException e) {
                throw new Refusal(e);
            }
            return manager.zeros(shape, type(type));
        }
    }
}
