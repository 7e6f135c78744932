package dev.bonsai.thinning;

/** Why channels can't be removed. */
public enum RefusalReason {
    /** They are a dimension of an input. */
    INPUT,
    /** They are a dimension of an output. */
    OUTPUT,
    /** Mean and variance are taken over them, or a softmax: without a zero channel they differ. */
    NORMALIZED,
    /** They are summed up, averaged or compared without weights. */
    REDUCED,
    /** Two computed values are multiplied and summed up over them. */
    CONTRACTED,
    /** Single ones are picked by an index. */
    INDEXED,
    /** They are part of what goes as a whole, such as the numbers of an attention head. */
    WITHIN_UNIT,
    /** They are places of a kernel; these are not listed. */
    KERNEL,
    /** They are positions of an image or a sequence, or directions. */
    POSITION,
    /** Their number is read, or depends on a free dimension. */
    SIZE,
    /** There is one only. */
    LAST_UNIT,
    /** It is not known what an operator does with them. */
    UNSUPPORTED
}
