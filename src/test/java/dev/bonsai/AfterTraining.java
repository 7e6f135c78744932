package dev.bonsai;

import ai.djl.ndarray.NDArray;
import dev.bonsai.trace.Tracer;
import java.lang.reflect.Proxy;

/** Tells the passes of a training from those by which the block is traced when it has ended. */
final class AfterTraining {

    private AfterTraining() {}

    /** Tells whether an array is the engine's own, or the caller is called by the tracer. */
    static boolean isPlainUntilThen(NDArray array) {
        return !Proxy.isProxyClass(array.getClass()) || isTracing();
    }

    /** Tells whether the caller is called by the tracer. */
    static boolean isTracing() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.anyMatch(
                                        f -> f.getClassName().equals(Tracer.class.getName())));
    }
}
