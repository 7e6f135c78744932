package dev.bonsai.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a value from the text of the calls that make it in Java, such as {@code
 * random(1).deadEndsFirst} for {@code Criterion.random(1).deadEndsFirst()}.
 *
 * <p>The first call is that of a public static factory of the value's type, those behind it are of
 * methods of the type that return it; all take numbers only. So a new factory has a text from the
 * day on which it is there.
 */
final class FactoryCall {

    private static final Pattern CALL =
            Pattern.compile("(?:^|\\.)(\\w+)(?:\\(([^()]*)\\))?(?=\\.[A-Za-z]|$)");

    /** What a message quotes may be as long as a file. */
    private static final int LONGEST = 160;

    private FactoryCall() {}

    /**
     * Writes a value down.
     *
     * @throws IllegalArgumentException if the text would not give an equal value
     */
    static String text(Object value, Class<?> type) {
        String text = value.toString();
        Optional<Object> read = evaluate(text, type);
        if (read.isEmpty() || !read.get().equals(value)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The %s %s is a class or a lambda of one's own, or made with one, and"
                                    + " can't be written down: use one of %s",
                            type.getSimpleName(),
                            text,
                            names(type)));
        }
        return text;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is no call of the type's, or a value is out of
     *     its range
     */
    static Object parse(String text, Class<?> type) {
        return evaluate(text, type)
                .orElseThrow(() -> new RecordException(List.of(none(text, type))));
    }

    private static Flaw none(String text, Class<?> type) {
        String message =
                String.format(
                        Locale.ROOT,
                        "A %s is one of %s, with numbers in parentheses, but got '%s'",
                        type.getSimpleName(),
                        names(type),
                        text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...");
        List<String> known = callable(type).stream().map(Method::getName).distinct().toList();
        return CALL.matcher(text)
                .results()
                .map(call -> call.group(1))
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> Flaw.of(message, new Flaw.Choice(name, known)))
                .orElseGet(() -> Flaw.of(message));
    }

    private static Optional<Object> evaluate(String text, Class<?> type) {
        Matcher calls = CALL.matcher(text);
        Object value = null;
        int end = 0;
        while (end < text.length() && calls.find() && calls.start() == end) {
            String arguments = calls.group(2) == null ? "" : calls.group(2).strip();
            Optional<Object> next =
                    call(
                            type,
                            value,
                            calls.group(1),
                            arguments.isEmpty() ? new String[0] : arguments.split("\\s*,\\s*", -1));
            if (next.isEmpty()) {
                return next;
            }
            value = next.get();
            end = calls.end();
        }
        return end == text.length() ? Optional.ofNullable(value) : Optional.empty();
    }

    private static Optional<Object> call(
            Class<?> type, Object receiver, String name, String... arguments) {
        for (Method method : callable(type)) {
            if (method.getName().equals(name)
                    && method.getParameterCount() == arguments.length
                    && Modifier.isStatic(method.getModifiers()) == (receiver == null)) {
                return invoke(method, receiver, arguments);
            }
        }
        return Optional.empty();
    }

    private static Optional<Object> invoke(Method method, Object receiver, String... arguments) {
        Object[] values = new Object[arguments.length];
        try {
            for (int i = 0; i < values.length; ++i) {
                values[i] = Numeric.parse(arguments[i], method.getParameterTypes()[i]);
            }
            return Optional.of(method.invoke(receiver, values));
        } catch (NumberFormatException e) {
            return Optional.empty();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // only public methods of public types are called
        }
    }

    private static List<Method> callable(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getReturnType() == type)
                .filter(m -> Arrays.stream(m.getParameterTypes()).allMatch(Numeric::isNumber))
                .toList();
    }

    private static String names(Class<?> type) {
        TreeSet<String> names = new TreeSet<>();
        for (Method method : callable(type)) {
            String dot = Modifier.isStatic(method.getModifiers()) ? "" : ".";
            names.add(dot + method.getName() + (method.getParameterCount() > 0 ? "(...)" : ""));
        }
        return names.toString();
    }
}
