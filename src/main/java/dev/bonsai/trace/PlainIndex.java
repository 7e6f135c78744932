package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexBooleans;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexPick;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import java.util.List;
import java.util.function.UnaryOperator;

/** Puts plain arrays in the place of watched ones in an index. */
final class PlainIndex {

    private PlainIndex() {}

    /** Returns an index of the same meaning with other arrays; the same one if it has none. */
    static NDIndex of(NDIndex index, UnaryOperator<NDArray> plain) {
        List<NDIndexElement> elements = index.getIndices();
        if (elements.stream().allMatch(element -> arrayOf(element) == null)) {
            return index;
        }
        NDIndex copy = new NDIndex();
        for (int i = 0; i <= elements.size(); ++i) {
            if (i == index.getEllipsisIndex()) {
                copy.addEllipseDim();
            }
            if (i < elements.size()) {
                add(copy, elements.get(i), plain);
            }
        }
        return copy;
    }

    /** Returns the array that an element of an index holds; null if it holds none. */
    static NDArray arrayOf(NDIndexElement element) {
        if (element instanceof NDIndexPick pick) {
            return pick.getIndex();
        }
        if (element instanceof NDIndexTake take) {
            return take.getIndex();
        }
        return element instanceof NDIndexBooleans booleans ? booleans.getIndex() : null;
    }

    private static void add(NDIndex copy, NDIndexElement element, UnaryOperator<NDArray> plain) {
        if (element instanceof NDIndexPick pick) {
            copy.addPickDim(plain.apply(pick.getIndex()));
        } else if (element instanceof NDIndexTake take) {
            copy.addIndices("{}", plain.apply(take.getIndex()));
        } else if (element instanceof NDIndexBooleans booleans) {
            copy.addBooleanIndex(plain.apply(booleans.getIndex()));
        } else if (element instanceof NDIndexFixed fixed) {
            copy.addIndices(fixed.getIndex());
        } else if (element instanceof NDIndexAll) {
            copy.addAllDim();
        } else if (element instanceof NDIndexNull) {
            copy.addIndices("null");
        } else if (element instanceof NDIndexSlice slice) {
            copy.addIndices(text(slice.getMin()) + ":" + text(slice.getMax()) + ":" + step(slice));
        } else {
            throw new IllegalArgumentException("An index has an element of " + element.getClass());
        }
    }

    private static String text(Long number) {
        return number == null ? "" : number.toString();
    }

    private static long step(NDIndexSlice slice) {
        return slice.getStep() == null ? 1 : slice.getStep();
    }
}
