package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.GraphException;

/** Checks of the types of operands. */
final class Elements {

    private Elements() {}

    static void need(Operands operands, int i, ElementType type) {
        if (operands.type(i) != type) {
            throw new GraphException(
                    "Operand %s has to be of %s, but is %s", i, type, operands.get(i));
        }
    }

    static void needNumbers(Operands operands, int i) {
        if (operands.type(i) == ElementType.BOOLEAN) {
            throw new GraphException(
                    "Operand %s has to be of numbers, but is %s", i, operands.get(i));
        }
    }
}
