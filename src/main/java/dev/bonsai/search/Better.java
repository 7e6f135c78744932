package dev.bonsai.search;

import java.util.Comparator;

/** Which way a metric improves. */
public enum Better {
    /** Such as accuracy. */
    HIGHER,
    /** Such as a loss or an error. */
    LOWER;

    /** Orders outcomes by metric, the best first. */
    Comparator<Outcome> bestFirst() {
        Comparator<Outcome> ascending = Comparator.comparingDouble(Outcome::metric);
        return this == HIGHER ? ascending.reversed() : ascending;
    }

    /** Returns by how much a metric misses a limit; not positive if it does not. */
    double shortfall(double limit, double metric) {
        return this == HIGHER ? limit - metric : metric - limit;
    }
}
