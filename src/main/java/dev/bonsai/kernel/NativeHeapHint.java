package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Has the C library keep the memory of a training step for the next one.
 *
 * <p>glibc hands the top of its heap back to the system when more than a threshold is free there,
 * so that each step may take its arrays page by page from the system anew. The threshold rises to
 * twice the size of a mapped block that is freed, up to 64 MiB (M_TRIM_THRESHOLD in mallopt(3)).
 * One block that is mapped, never touched and freed is enough; other C libraries don't mind it.
 */
final class NativeHeapHint {

    /** 31 MiB: from 32 MiB on a block leaves the threshold as it is. */
    private static final long FLOATS = 31 << 18;

    private NativeHeapHint() {}

    static void ask(NDManager manager) {
        if (!manager.getDevice().isGpu()) {
            manager.create(new Shape(FLOATS)).close();
        }
    }
}
