package dev.bonsai;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every combination of options, for data providers. */
public final class Cross {

    private Cross() {}

    public static Object[][] of(Object[]... options) {
        List<List<Object>> rows = List.of(List.of());
        for (Object[] option : options) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> row : rows) {
                for (Object value : Arrays.asList(option)) {
                    List<Object> next = new ArrayList<>(row);
                    next.add(value);
                    longer.add(next);
                }
            }
            rows = longer;
        }
        return rows.stream().map(List::toArray).toArray(Object[][]::new);
    }
}
