package dev.bonsai.core;

/**
 * A block that stands for a whole network and has its parameters: it tells in which kind of block
 * each of them would stand, so that {@link WeightSelector.Builder#includeBlock} finds it.
 */
public interface NetworkBlock {

    /**
     * Returns the kind of block that a parameter belongs to.
     *
     * @param parameter the name of a direct parameter of this block
     * @return the simple class name of DJL's block, such as {@code Linear}; that of this block if
     *     no kind is known
     */
    String blockType(String parameter);
}
