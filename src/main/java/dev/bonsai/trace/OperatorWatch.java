package dev.bonsai.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Tells which operators a block applies to its input, to its parameters, and to all that is
 * computed from them, those inside of lambdas included.
 *
 * <pre>{@code
 * NDManager manager = model.getNDManager();
 * NDList input = new NDList(manager.create(new float[1][784]));
 * OperatorWatch watch = new OperatorWatch(operator -> System.out.println(operator.name()));
 * ParameterStore store = watch.over(new ParameterStore(manager, false));
 * model.getBlock().forward(store, watch.over(input), false);
 * }</pre>
 *
 * <p>{@code NDArray} and {@code NDArrayEx} are interfaces: the arrays handed to the block pass each
 * call on to a plain array, and the result of an operator is watched in turn. Ownership is that of
 * the plain arrays, and watching adds none.
 *
 * <p>Limits: an operator is not seen where an array of the block's own making is the receiver, as
 * in {@code constant.mul(x)} (write {@code x.mul(constant)}), and neither is what is computed from
 * its result. Imported models accept plain arrays only: they end in an error of the engine.
 */
public final class OperatorWatch {

    /** Methods that hand the values of an array to Java. */
    private static final Set<String> READERS =
            Set.of(
                    "toByteBuffer",
                    "toByteArray",
                    "toDoubleArray",
                    "toFloatArray",
                    "toIntArray",
                    "toLongArray",
                    "toShortArray",
                    "toUint8Array",
                    "toUnsignedIntArray",
                    "toUnsignedShortArray",
                    "toBooleanArray",
                    "toArray",
                    "getFloat",
                    "getDouble",
                    "getInt",
                    "getLong",
                    "getByte",
                    "getUint8",
                    "getBoolean",
                    "contentEquals",
                    "allClose",
                    "equals",
                    "encode",
                    "copyTo");

    /** Methods that change their receiver and return nothing. */
    private static final Set<String> SETTERS = Set.of("set", "setScalar", "intern");

    private final Watcher seen;
    private final IdentityHashMap<NDArray, Parameter> parameters = new IdentityHashMap<>();

    /** Who is told what a pass does. */
    interface Watcher {

        /** Told each operator right after it was applied. */
        void seen(Operator operator);

        /** Told the method of an array right before it is called. */
        void before(String method, NDArray receiver);

        /** Told the method that hands values to Java, right before it is called. */
        void read(String method, NDArray receiver);
    }

    /**
     * Starts a watch of one forward pass.
     *
     * @param seen told each operator right after it was applied
     */
    public OperatorWatch(Consumer<Operator> seen) {
        this(new Listener(Objects.requireNonNull(seen, "seen")));
    }

    OperatorWatch(Watcher seen) {
        this.seen = seen;
    }

    /** Hears of operators only. */
    private record Listener(Consumer<Operator> listener) implements Watcher {

        @Override
        public void seen(Operator operator) {
            listener.accept(operator);
        }

        @Override
        public void before(String method, NDArray receiver) {
            // an operator is told once it was applied
        }

        @Override
        public void read(String method, NDArray receiver) {
            // values may be read
        }
    }

    /**
     * Returns arrays that behave as the given ones do and tell what is computed from them.
     *
     * @param inputs the input of a forward pass
     * @return watched arrays in the same order
     */
    public NDList over(NDList inputs) {
        return list(inputs, array -> watched(array, seen));
    }

    /**
     * Returns a store that gives out watched arrays.
     *
     * @param store the store that the forward pass would ask
     * @return a view of it
     */
    public ParameterStore over(ParameterStore store) {
        return new WatchedStore(store);
    }

    /**
     * Returns the parameter whose value an array is.
     *
     * @param array a plain array, such as an argument of an {@link Operator}
     * @return the parameter that the very same array was given out for, or empty if there is none
     */
    public Optional<Parameter> parameterOf(NDArray array) {
        return Optional.ofNullable(parameters.get(array));
    }

    /** Returns the parameters that were asked for. */
    Collection<Parameter> parameters() {
        return Set.copyOf(parameters.values());
    }

    /** Returns the plain arrays of watched ones; plain ones as they are. */
    static NDList plain(NDList arrays) {
        return list(arrays, array -> (NDArray) plain((Object) array));
    }

    private static NDArray watched(NDArray array, Watcher seen) {
        return array == null ? null : (NDArray) proxy(NDArray.class, array, array, seen);
    }

    private static Object proxy(Class<?> type, Object target, NDArray receiver, Watcher seen) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new Watched(target, receiver, seen));
    }

    private static NDList list(NDList arrays, UnaryOperator<NDArray> map) {
        NDList mapped = new NDList(arrays.size());
        arrays.forEach(array -> mapped.add(map.apply(array)));
        return mapped;
    }

    /** Returns a value of a call with plain arrays in the place of watched ones. */
    private static Object plain(Object value) {
        if (value instanceof NDList arrays) {
            return list(arrays, array -> (NDArray) plain(array));
        }
        if (value instanceof NDIndex index) {
            return PlainIndex.of(index, array -> (NDArray) plain((Object) array));
        }
        if (value instanceof Object[] values) {
            Object[] plain = values.clone();
            Arrays.setAll(plain, i -> plain(values[i]));
            return plain;
        }
        boolean watched =
                value != null
                        && Proxy.isProxyClass(value.getClass())
                        && Proxy.getInvocationHandler(value) instanceof Watched;
        return watched ? ((Watched) Proxy.getInvocationHandler(value)).target : value;
    }

    /**
     * Passes calls on.
     *
     * @param target an array, or the internal operators of one
     * @param receiver the array
     * @param seen told the operators
     */
    private record Watched(Object target, NDArray receiver, Watcher seen)
            implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            Object[] plain = args == null ? new Object[0] : (Object[]) plain(args);
            Object result;
            if (READERS.contains(method.getName())) {
                seen.read(method.getName(), receiver);
            }
            seen.before(method.getName(), receiver);
            try {
                result = method.invoke(target, plain);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (result instanceof NDArrayEx) {
                return proxy(NDArrayEx.class, result, receiver, seen);
            }
            boolean isOperator =
                    (result instanceof NDArray && !method.getName().equals("getArray"))
                            || result instanceof NDList
                            || result instanceof NDArray[];
            if (isOperator) {
                List<Object> arguments = Collections.unmodifiableList(Arrays.asList(plain));
                seen.seen(new Operator(method.getName(), receiver, arguments, result));
            } else if (SETTERS.contains(method.getName())) {
                List<Object> arguments = Collections.unmodifiableList(Arrays.asList(plain));
                seen.seen(new Operator(method.getName(), receiver, arguments, receiver));
            }
            return result == target ? proxy : watchedResult(result);
        }

        private Object watchedResult(Object result) {
            if (result instanceof NDArray array) {
                return watched(array, seen);
            }
            if (result instanceof NDList arrays) {
                return list(arrays, array -> watched(array, seen));
            }
            if (result instanceof NDArray[] arrays) {
                return Arrays.stream(arrays)
                        .map(array -> watched(array, seen))
                        .toArray(NDArray[]::new);
            }
            return result;
        }
    }

    /** Gives out watched arrays; a block asks for nothing else in a forward pass. */
    private final class WatchedStore extends ParameterStore {

        private final ParameterStore delegate;

        WatchedStore(ParameterStore delegate) {
            super(delegate.getManager(), false);
            this.delegate = delegate;
        }

        @Override
        public NDArray getValue(Parameter parameter, Device device, boolean training) {
            NDArray value = delegate.getValue(parameter, device, training);
            if (parameter != null) {
                parameters.put(value, parameter);
            }
            return watched(value, seen);
        }

        @Override
        public NDManager getManager() {
            return delegate.getManager();
        }
    }
}
