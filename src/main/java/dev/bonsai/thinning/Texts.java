package dev.bonsai.thinning;

import java.util.ArrayList;
import java.util.List;

/** Short texts of long lists. */
final class Texts {

    private Texts() {}

    /** Runs of neighbours as first-last. */
    static String indices(List<Integer> indices) {
        List<String> runs = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= indices.size(); ++i) {
            if (i == indices.size() || indices.get(i) != indices.get(i - 1) + 1) {
                int first = indices.get(from);
                int last = indices.get(i - 1);
                runs.add(first == last ? "" + first : first + "-" + last);
                from = i;
            }
        }
        return runs.toString();
    }
}
