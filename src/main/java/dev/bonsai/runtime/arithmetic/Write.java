package dev.bonsai.runtime.arithmetic;

/** What becomes of the values that the result of a product is written over. */
public enum Write {
    /** They are lost: c = a b. */
    REPLACE,
    /** The product is added to them: c = c + a b. */
    ADD
}
