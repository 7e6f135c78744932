package dev.bonsai;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds classes of one package that need one another, directly or through others. */
final class ClassCycles {

    private ClassCycles() {}

    /**
     * Looks for circles.
     *
     * @param sources the text of each file of a package, by the name of its class
     * @return the classes of each circle, in the order of their names; a class that only names
     *     itself is none
     */
    static Set<Set<String>> of(Map<String, String> sources) {
        Map<String, Set<String>> needs = new TreeMap<>();
        sources.forEach((name, text) -> needs.put(name, named(text, sources.keySet(), name)));
        Map<String, Set<String>> reached = new TreeMap<>();
        needs.keySet().forEach(name -> reached.put(name, reachedFrom(name, needs)));
        Set<Set<String>> circles = new LinkedHashSet<>();
        for (String name : needs.keySet()) {
            Set<String> circle =
                    reached.get(name).stream()
                            .filter(other -> reached.get(other).contains(name))
                            .collect(Collectors.toCollection(TreeSet::new));
            if (circle.size() > 1) {
                circles.add(circle);
            }
        }
        return circles;
    }

    private static Set<String> named(String text, Set<String> names, String self) {
        Set<String> found = new TreeSet<>();
        Pattern.compile("\\W+")
                .splitAsStream(LayoutLaws.codeOf(text))
                .filter(word -> names.contains(word) && !word.equals(self))
                .forEach(found::add);
        return found;
    }

    private static Set<String> reachedFrom(String start, Map<String, Set<String>> needs) {
        Set<String> reached = new TreeSet<>();
        Set<String> next = needs.get(start);
        while (!next.isEmpty()) {
            Set<String> further = new TreeSet<>();
            for (String name : next) {
                if (reached.add(name)) {
                    further.addAll(needs.get(name));
                }
            }
            next = further;
        }
        return reached;
    }
}
