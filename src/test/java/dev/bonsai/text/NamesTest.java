package dev.bonsai.text;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.expectThrows;

import java.util.Locale;
import org.testng.annotations.Test;

public class NamesTest {

    private enum Tree {
        OAK,
        SCOTS_PINE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @Test
    public void aValueIsFoundByItsNameInAnyCase() {
        for (Tree tree : Tree.values()) {
            assertSame(Names.find("tree", Tree.class, tree.toString()), tree);
            assertSame(
                    Names.find("tree", Tree.class, tree.toString().toUpperCase(Locale.ROOT)), tree);
        }
    }

    @Test
    public void whatIsNoNameIsRefusedWithAllThatAre() {
        for (String name : new String[] {"", "scots_pine", " oak", null}) {
            Throwable e =
                    expectThrows(
                            IllegalArgumentException.class,
                            () -> Names.find("tree", Tree.class, name));
            assertEquals(
                    e.getMessage(), "There is no tree '" + name + "'; use one of oak, scots pine");
        }
    }
}
