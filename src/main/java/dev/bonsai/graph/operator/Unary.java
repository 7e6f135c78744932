package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/** Operators without attributes on each element of one operand. */
public enum Unary implements Operator {
    /** The operand itself. */
    IDENTITY(1, "Identity"),
    /** The larger one of x and 0. */
    RELU(2, "Relu"),
    /** 1 / (1 + exp(-x)). */
    SIGMOID(3, "Sigmoid"),
    /** The hyperbolic tangent. */
    TANH(4, "Tanh"),
    /** e to the power of x. */
    EXP(5, "Exp"),
    /** The natural logarithm. */
    LOG(6, "Log"),
    /** The square root. */
    SQRT(7, "Sqrt"),
    /** The error function. */
    ERF(8, "Erf"),
    /** x * max(0, min(1, x / 6 + 1 / 2)). */
    HARD_SWISH(9, "HardSwish"),
    /** -x. */
    NEG(10, "Neg"),
    /** The absolute value. */
    ABS(11, "Abs"),
    /** 1 / x. */
    RECIPROCAL(12, "Reciprocal"),
    /** The largest whole number that is not larger. */
    FLOOR(13, "Floor"),
    /** The smallest whole number that is not smaller. */
    CEIL(14, "Ceil"),
    /** The nearest whole number, the even one of two. */
    ROUND(15, "Round"),
    /** log(1 + exp(x)). */
    SOFTPLUS(16, "Softplus"),
    /** x / (1 + |x|). */
    SOFTSIGN(17, "Softsign"),
    /** -1, 0 or 1. */
    SIGN(18, "Sign"),
    /** The sine. */
    SIN(19, "Sin"),
    /** The cosine. */
    COS(20, "Cos"),
    /** The opposite of a boolean. */
    NOT(21, "Not");

    private final Schema schema;

    Unary(int number, String name) {
        schema = Schema.plain(number, name, Schema.Arity.of(1), this);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        ValueInfo operand = operands.get(0);
        switch (this) {
            case IDENTITY -> {
                return List.of(operand);
            }
            case NEG -> {
                operands.needNumbers(0);
                Optional<List<Dim>> negated =
                        operand.numbers()
                                .map(list -> list.stream().map(n -> n.times(Dim.of(-1))).toList());
                return List.of(ValueInfo.of(operand.type(), operand.shape(), negated));
            }
            case NOT -> operands.need(0, ElementType.BOOLEAN);
            case ABS, SIGN, RELU -> operands.needNumbers(0);
            default -> operands.floatType(0);
        }
        return List.of(ValueInfo.of(operand.type(), operand.shape()));
    }
}
