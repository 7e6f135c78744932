package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;

/** Checks of operands that have a number per channel. */
final class Channels {

    private Channels() {}

    /** Checks the third operand of a convolution. */
    static void checkBias(Operands operands, Dim channels) {
        operands.optional(2)
                .flatMap(ValueInfo::shape)
                .ifPresent(
                        bias -> {
                            if (bias.rank() != 1 || bias.get(0).differs(channels)) {
                                throw new GraphException(
                                        "A bias has a number for each of %s channels, but its shape is %s",
                                        channels, bias);
                            }
                        });
    }
}
