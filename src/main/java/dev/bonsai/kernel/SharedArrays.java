package dev.bonsai.kernel;

/**
 * Arrays that several threads may use at a time: the last who leaves frees them.
 *
 * <p>A pass of a service that predicts while the model trains holds what it uses until it ends.
 */
final class SharedArrays {

    private final Runnable free;
    private int holders = 1;

    /**
     * @param free frees the arrays, which are held by their maker until then
     */
    SharedArrays(Runnable free) {
        this.free = free;
    }

    /** Takes hold of the arrays; returns false if they are freed already. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        ++holders;
        return true;
    }

    /** Lets go of the arrays. */
    void release() {
        boolean last;
        synchronized (this) {
            last = --holders == 0;
        }
        if (last) {
            free.run();
        }
    }
}
