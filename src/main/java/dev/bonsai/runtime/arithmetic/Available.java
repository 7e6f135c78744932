package dev.bonsai.runtime.arithmetic;

import java.util.List;

/** The kinds of arithmetic that this JVM offers. */
final class Available {

    private static final String MODULE = "jdk.incubator.vector";

    /** The fastest first. */
    static final List<Arithmetic> ALL = find();

    private Available() {}

    private static List<Arithmetic> find() {
        Arithmetic plain = new PlainArithmetic();
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return List.of(plain);
        }
        return List.of(new VectorArithmetic(), plain);
    }
}
