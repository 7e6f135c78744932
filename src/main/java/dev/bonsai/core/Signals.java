package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** The signals that {@link Signal} names. */
final class Signals {

    private Signals() {}

    /** The sum of a term over the steps. */
    record Sum(String name, BinaryOperator<NDArray> of) implements GradientSignal {

        @Override
        public NDArray term(NDArray latent, NDArray gradient) {
            return of.apply(latent, gradient);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The mean of a term over inputs. */
    record Mean(String name, UnaryOperator<NDArray> of) implements InputSignal {

        @Override
        public NDArray term(NDArray input) {
            return of.apply(input);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
