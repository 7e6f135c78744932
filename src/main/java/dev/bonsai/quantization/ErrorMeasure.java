package dev.bonsai.quantization;

import dev.bonsai.core.Signal;
import java.util.Set;

/** What the rounding of a weight is said to cost, where widths are shared out among weights. */
public enum ErrorMeasure {
    /**
     * The squared error of each element times the mean square of its gradients in the training
     * steps of the epoch: an estimate of the loss that is added, with the squared gradients in
     * place of the diagonal of the Hessian (the empirical Fisher information). A frozen weight,
     * which has no gradients, counts with the mean of the others.
     */
    GRADIENTS(Set.of(Signal.GRADIENT_SQUARED)),
    /**
     * The squared error over the mean square of the elements of the weight that are not zero. It
     * needs no training, and takes all weights to be equally sensitive.
     */
    RELATIVE(Set.of());

    private final Set<Signal> signals;

    ErrorMeasure(Set<Signal> signals) {
        this.signals = signals;
    }

    /** Returns what has to be gathered while the model trains. */
    Set<Signal> signals() {
        return signals;
    }
}
