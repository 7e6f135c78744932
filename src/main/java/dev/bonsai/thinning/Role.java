package dev.bonsai.thinning;

/** What a slice of a weight is to its unit. */
public enum Role {
    /** It makes the unit's value: a filter, its bias, the scale of a batch norm behind it. */
    PRODUCES,
    /**
     * It is multiplied with the unit's value and summed up: with zeros there the unit is unused.
     */
    CONSUMES,
    /** It does both: a weight that is used twice. */
    BOTH
}
