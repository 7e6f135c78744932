package dev.bonsai.rewrite;

import java.util.LinkedHashMap;
import java.util.Map;

/** Adds to maps. */
final class Maps {

    private Maps() {}

    static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        Map<String, V> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }
}
