package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.GraphException;

/** Checks of the types of operands. */
final class Elements {

    private Elements() {}

    static void need(Operands operands, int i, ElementType type) {
        if (operands.type(i) != type) {
            throw new GraphException(
                    "Operand " + i + " has to be of " + type + ", but is " + operands.get(i));
        }
    }

    static void needNumbers(Operands operands, int i) {
        if (operands.type(i) == ElementType.BOOLEAN) {
            throw new GraphException(
                    "Operand " + i + " has to be of numbers, but is " + operands.get(i));
        }
    }
}
