package dev.bonsai.graph.operator;

import dev.bonsai.graph.operator.Schema.Arity;
import dev.bonsai.graph.operator.Schema.Attribute;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.function.Function;

/** Operators without attributes, each with a shape rule of its own. */
public enum Plain implements Operator {
    /**
     * x where it is positive, and slope * x elsewhere; the slope is the second operand, which is
     * broadcast to the first (He and others, 2015).
     */
    PRELU(65, "PRelu", Arity.of(2), ElementRules::pRelu),
    /**
     * min(max(x, low), high); low and high are scalars, the second and the third operand, and may
     * be left out.
     */
    CLIP(66, "Clip", new Arity(1, 3), ElementRules::clip),
    /**
     * In training, sets a part of the elements to 0 and divides the others by the part that is
     * kept; otherwise the operand itself. The part is the second operand, a scalar, 0.5 where it is
     * left out. The third operand of ONNX, which says whether this is training, and its seed are
     * not used.
     */
    DROPOUT(
            69,
            "Dropout",
            new Arity(1, 2),
            ElementRules::dropout,
            new Arity(1, 2),
            Schema.integer("seed", 0)),
    /**
     * The product of matrices, which stand in the last two axes; those before are broadcast to one
     * another. A vector counts as a row on the left and as a column on the right.
     */
    MATMUL(91, "MatMul", Arity.of(2), Gemm::matMul),
    /** The operand without some axes of size 1: those in the second operand, or else all. */
    SQUEEZE(103, "Squeeze", new Arity(1, 2), LayoutRules::squeeze),
    /** The operand with axes of size 1 more, which the second operand names as they are then. */
    UNSQUEEZE(104, "Unsqueeze", Arity.of(2), LayoutRules::unsqueeze),
    /**
     * A part of the operand. Further operands: per axis the first index, the index behind the last,
     * and perhaps the axes (else the first ones) and the steps (else 1). Indices may be counted
     * from the end, and reach beyond it: {@link Slice} says what is taken.
     */
    SLICE(107, "Slice", new Arity(3, 5), Slice::infer),
    /** The operand broadcast to the shape in the second one and back: 1 keeps a dimension. */
    EXPAND(109, "Expand", Arity.of(2), LayoutRules::expand),
    /** The second operand where the first is true, and the third elsewhere; all are broadcast. */
    WHERE(110, "Where", Arity.of(3), ElementRules::where),
    /** The numbers from a start up to a limit, by steps; operands: start, limit, step. */
    RANGE(141, "Range", Arity.of(3), LayoutRules::range),
    /** The operand repeated along each axis, as often as the second operand says. */
    TILE(142, "Tile", Arity.of(2), LayoutRules::tile);

    private final Schema schema;
    private final Function<Operands, List<ValueInfo>> rule;

    Plain(int number, String name, Arity operands, Function<Operands, List<ValueInfo>> rule) {
        this(number, name, operands, rule, Arity.of(1));
    }

    Plain(
            int number,
            String name,
            Arity operands,
            Function<Operands, List<ValueInfo>> rule,
            Arity results,
            Attribute... unused) {
        schema = new Schema(number, name, operands, results, List.of(unused), given -> this);
        this.rule = rule;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return rule.apply(operands);
    }
}
