package dev.bonsai.recipe;

import dev.bonsai.core.WeightSelector;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The texts of values that are made by calls of factories, as regular expressions. */
final class CallPattern {

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, long.class, float.class, double.class);
    private static final String WHOLE = "[-+]?\\d+";
    private static final String BROKEN = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

    private CallPattern() {}

    static String of(Class<?> type) {
        String chained = calls(type, false);
        return "^("
                + calls(type, true)
                + ")"
                + (chained.isEmpty() ? "" : "(\\.(" + chained + "))*")
                + "$";
    }

    private static String calls(Class<?> type, boolean factories) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getReturnType() == type)
                .filter(m -> NUMBERS.containsAll(List.of(m.getParameterTypes())))
                .filter(m -> Modifier.isStatic(m.getModifiers()) == factories)
                .map(CallPattern::call)
                .distinct()
                .sorted()
                .collect(Collectors.joining("|"));
    }

    private static String call(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> type == int.class || type == long.class ? WHOLE : BROKEN)
                .collect(
                        Collectors.joining(
                                "\\s*,\\s*",
                                method.getName()
                                        + (method.getParameterCount() == 0 ? "(" : "")
                                        + "\\(\\s*",
                                "\\s*\\)" + (method.getParameterCount() == 0 ? ")?" : "")));
    }

    /** The rules of a selector are the calls of its builder that take a text, or nothing. */
    static String ofRules() {
        return Arrays.stream(WeightSelector.Builder.class.getMethods())
                .filter(method -> method.getReturnType() == WeightSelector.Builder.class)
                .filter(method -> !method.getName().equals("addRule"))
                .filter(m -> List.of(String.class).containsAll(List.of(m.getParameterTypes())))
                .map(m -> m.getName() + (m.getParameterCount() == 0 ? "" : "\\([\\s\\S]*\\)"))
                .sorted()
                .collect(Collectors.joining("|", "^(", ")$"));
    }
}
