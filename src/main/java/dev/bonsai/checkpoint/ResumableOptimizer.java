package dev.bonsai.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.training.optimizer.Optimizer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One of DJL's optimizers whose state, momentum and counts of updates, can be written down and
 * taken up again, which DJL keeps private: a training that is resumed goes on bit for bit.
 *
 * <pre>{@code
 * ResumableOptimizer optimizer = ResumableOptimizer.of(Optimizer.adam().build());
 * config.optOptimizer(optimizer);
 * }</pre>
 *
 * <p>An optimizer asks the weight for zeros of its shape when it makes a state of it: what it is
 * given is remembered here, and what was remembered is given to it later. The updates of a resumed
 * training are counted by as many updates that change nothing. This works for every optimizer that
 * makes its states by {@code withDefaultState(..., weight.zerosLike())}, as all of DJL's do, and
 * updates weights by one call of {@link NDArrayEx}.
 */
public final class ResumableOptimizer extends Optimizer {

    private final Optimizer optimizer;
    private final Map<String, List<NDArray>> states = new HashMap<>();
    private final Map<String, Long> updates = new HashMap<>();

    /**
     * What an optimizer knows of one parameter.
     *
     * @param updates how often it was updated
     * @param states the arrays that are kept for it, in the order in which they were made
     */
    public record ParameterState(long updates, List<NDArray> states) {

        /** Copies the list. */
        public ParameterState {
            states = List.copyOf(states);
        }
    }

    private ResumableOptimizer(Optimizer optimizer) {
        super(new Nothing());
        this.optimizer = optimizer;
    }

    /** The settings of this shell, which has none. */
    private static final class Nothing extends OptimizerBuilder<Nothing> {
        @Override
        protected Nothing self() {
            return this;
        }
    }

    /**
     * Makes the state of an optimizer known.
     *
     * @param optimizer one of DJL's, which has made no update yet
     * @return an optimizer that updates as that one does
     */
    public static ResumableOptimizer of(Optimizer optimizer) {
        return new ResumableOptimizer(Objects.requireNonNull(optimizer, "optimizer"));
    }

    /**
     * Returns the name of the optimizer's class.
     *
     * @return such as {@code Adam}
     */
    public String getName() {
        return optimizer.getClass().getSimpleName();
    }

    @Override
    public void update(String parameterId, NDArray weight, NDArray grad) {
        if (updates.merge(parameterId, 1L, Long::sum) > 1) {
            optimizer.update(parameterId, weight, grad);
        } else {
            Watch watch = new Watch(weight, List.of(), true);
            optimizer.update(parameterId, watch.weight(), grad);
            states.put(parameterId, watch.states);
        }
    }

    /**
     * Returns what the optimizer knows of a parameter.
     *
     * @param parameterId the id of the parameter
     * @return its state, whose arrays are the optimizer's own; empty if it was not updated yet
     */
    public Optional<ParameterState> getState(String parameterId) {
        return Optional.ofNullable(updates.get(parameterId))
                .map(count -> new ParameterState(count, states.get(parameterId)));
    }

    /**
     * Takes up what an optimizer with the same settings knew of a parameter.
     *
     * @param parameterId the id of the parameter, which was not updated yet
     * @param weight its array
     * @param known the state; its arrays become the optimizer's
     * @throws IllegalArgumentException if the optimizer keeps another number of arrays
     */
    public void setState(String parameterId, NDArray weight, ParameterState known) {
        Watch watch = new Watch(weight, known.states(), false);
        for (long i = 0; i < known.updates(); ++i) {
            optimizer.update(parameterId, watch.weight(), weight);
        }
        if (watch.states.size() != known.states().size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The optimizer keeps %d arrays of a parameter, but %d were written"
                                    + " down: resume with the optimizer that the training began"
                                    + " with",
                            watch.states.size(),
                            known.states().size()));
        }
        updates.put(parameterId, known.updates());
        states.put(parameterId, watch.states);
    }

    /** Stands for a weight, and sees the states that are made of it. */
    private static final class Watch implements InvocationHandler {

        private final NDArray real;
        private final List<NDArray> given;
        private final boolean acts;
        private final List<NDArray> states = new ArrayList<>();

        /**
         * @param given the states to hand out before new ones are made
         * @param acts whether the update takes place
         */
        Watch(NDArray real, List<NDArray> given, boolean acts) {
            this.real = real;
            this.given = given;
            this.acts = acts;
        }

        NDArray weight() {
            return (NDArray) proxy(NDArray.class, this);
        }

        private static Object proxy(Class<?> type, InvocationHandler handler) {
            return Proxy.newProxyInstance(
                    Watch.class.getClassLoader(), new Class<?>[] {type}, handler);
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "zerosLike" -> zeros();
                case "getNDArrayInternal" -> proxy(NDArrayEx.class, this::update);
                default -> call(real, method, arguments);
            };
        }

        private NDArray zeros() {
            int next = states.size();
            NDArray state = next < given.size() ? given.get(next) : real.zerosLike();
            states.add(state);
            return state;
        }

        private Object update(Object self, Method method, Object[] arguments) throws Throwable {
            if (!acts && method.getReturnType() == void.class) {
                return null;
            }
            Object[] real = new Object[arguments == null ? 0 : arguments.length];
            for (int i = 0; i < real.length; ++i) {
                real[i] = arguments[i] instanceof NDList list ? unwrapped(list) : arguments[i];
            }
            return call(this.real.getNDArrayInternal(), method, real);
        }

        private NDList unwrapped(NDList list) {
            NDList real = new NDList(list.size());
            list.forEach(array -> real.add(isThis(array) ? this.real : array));
            return real;
        }

        private boolean isThis(NDArray array) {
            return Proxy.isProxyClass(array.getClass())
                    && Proxy.getInvocationHandler(array) == this;
        }

        private static Object call(Object target, Method method, Object[] arguments)
                throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
