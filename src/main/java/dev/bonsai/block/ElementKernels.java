package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Comparison;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import java.util.function.BinaryOperator;

/** Arithmetic and comparisons, element by element. */
final class ElementKernels {

    private static final double SIXTH = 1.0 / 6;

    private ElementKernels() {}

    static Kernel unary(Unary operator) {
        return switch (operator) {
            case IDENTITY -> Kernel.unary(x -> x);
            case RELU -> Kernel.unary(x -> x.getNDArrayInternal().relu());
            case SIGMOID -> Kernel.unary(x -> x.getNDArrayInternal().sigmoid());
            case TANH -> Kernel.unary(NDArray::tanh);
            case EXP -> Kernel.unary(NDArray::exp);
            case LOG -> Kernel.unary(NDArray::log);
            case SQRT -> Kernel.unary(NDArray::sqrt);
            case ERF -> Kernel.unary(NDArray::erf);
            case HARD_SWISH -> Kernel.of(ElementKernels::hardSwish);
            case NEG -> Kernel.unary(NDArray::neg);
            case ABS -> Kernel.unary(NDArray::abs);
            case RECIPROCAL -> Kernel.of(ElementKernels::reciprocal);
            case FLOOR -> Kernel.unary(NDArray::floor);
            case CEIL -> Kernel.unary(NDArray::ceil);
            case ROUND -> Kernel.unary(NDArray::round);
            case SOFTPLUS -> Kernel.unary(x -> x.getNDArrayInternal().softPlus());
            case SOFTSIGN -> Kernel.unary(x -> x.getNDArrayInternal().softSign());
            case SIGN -> Kernel.unary(NDArray::sign);
            case SIN -> Kernel.unary(NDArray::sin);
            case COS -> Kernel.unary(NDArray::cos);
            case NOT -> Kernel.unary(NDArray::logicalNot);
        };
    }

    private static NDArray hardSwish(Arguments in) {
        NDArray x = in.owned(0);
        NDArray line = in.scratch(in.scratch(x.mul(in.scalar(SIXTH, x))).add(in.scalar(0.5, x)));
        return x.mul(Limits.clip(in, line, 0, 1));
    }

    private static NDArray reciprocal(Arguments in) {
        NDArray x = in.owned(0);
        return in.scratch(x.onesLike()).div(x);
    }

    static Kernel binary(Binary operator) {
        return switch (operator) {
            case ADD -> Kernel.of(in -> in.owned(0).add(in.array(1)));
            case SUB -> Kernel.of(in -> in.owned(0).sub(in.array(1)));
            case MUL -> Kernel.of(in -> in.owned(0).mul(in.array(1)));
            case DIV -> Kernel.of(ElementKernels::div);
            case POW -> Kernel.of(ElementKernels::pow);
        };
    }

    /** The engine's division of integers is one of floats. */
    private static NDArray div(Arguments in) {
        NDArray a = in.owned(0);
        if (a.getDataType().isFloating()) {
            return a.div(in.array(1));
        }
        NDArray wide = in.scratch(a.toType(DataType.FLOAT64, true));
        NDArray by = in.scratch(in.owned(1).toType(DataType.FLOAT64, true));
        return in.scratch(in.scratch(wide.div(by)).trunc()).toType(a.getDataType(), false);
    }

    /** Squares, cubes and roots are common, and the engine's general power is slow. */
    private static NDArray pow(Arguments in) {
        NDArray a = in.owned(0);
        if (in.shape(1).size() == 1
                && in.shape(1).dimension() <= a.getShape().dimension()
                && in.constant(1).isPresent()
                && a.getDataType().isFloating()) {
            double exponent = in.constant(1).get()[0];
            if (exponent == 2) {
                return a.square();
            }
            if (exponent == 0.5) {
                return a.sqrt();
            }
        }
        DataType type = a.getDataType();
        NDArray b = in.array(1);
        if (b.getDataType() == type) {
            return a.pow(b);
        }
        if (type.isFloating()) {
            return a.pow(in.scratch(in.owned(1).toType(type, true)));
        }
        NDArray wide = in.scratch(a.toType(DataType.FLOAT64, true));
        NDArray exponent = in.scratch(in.owned(1).toType(DataType.FLOAT64, true));
        return in.scratch(wide.pow(exponent)).toType(type, false);
    }

    static Kernel comparison(Comparison operator) {
        BinaryOperator<NDArray> function =
                switch (operator) {
                    case EQUAL -> NDArray::eq;
                    case GREATER -> NDArray::gt;
                    case GREATER_OR_EQUAL -> NDArray::gte;
                    case LESS -> NDArray::lt;
                    case LESS_OR_EQUAL -> NDArray::lte;
                    case AND -> NDArray::logicalAnd;
                    case OR -> NDArray::logicalOr;
                    case XOR -> NDArray::logicalXor;
                };
        return Kernel.of(in -> function.apply(in.owned(0), in.array(1)));
    }

    static Kernel variadic(Variadic operator) {
        BinaryOperator<NDArray> function =
                switch (operator) {
                    case MAX -> NDArray::maximum;
                    case MIN -> NDArray::minimum;
                    case SUM -> NDArray::add;
                };
        return Kernel.of(
                in -> {
                    NDArray result = in.owned(0);
                    for (int i = 1; i < in.count(); ++i) {
                        if (i > 1) {
                            in.scratch(result);
                        }
                        result = function.apply(result, in.array(i));
                    }
                    return result;
                });
    }

    static Kernel where() {
        return Kernel.of(
                in -> {
                    NDArray a = in.owned(1);
                    NDArray b = in.array(2);
                    Shape values = Types.broadcast(a.getShape(), b.getShape());
                    Shape shape = Types.broadcast(in.shape(0), values);
                    return NDArrays.where(
                            broadcast(in, in.owned(0), shape),
                            broadcast(in, a, shape),
                            broadcast(in, in.owned(2), shape));
                });
    }

    /** Returns a view in which an array is repeated, or the array if it has the shape. */
    static NDArray broadcast(Arguments in, NDArray array, Shape shape) {
        return array.getShape().equals(shape) ? array : in.scratch(array.broadcast(shape));
    }

    static Kernel cast(Cast operator) {
        DataType type = Types.of(operator.to());
        return Kernel.unary(x -> x.toType(type, false));
    }
}
