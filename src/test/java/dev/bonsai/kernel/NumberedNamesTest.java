package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class NumberedNamesTest {

    @Test
    public void noNameIsGivenTwice() {
        NumberedNames names = new NumberedNames();
        assertEquals(
                Stream.of("a", "b", "a", "a", "a (2)", "b", "a").map(names::next).toList(),
                List.of("a", "b", "a (2)", "a (3)", "a (2) (2)", "b (2)", "a (4)"));
    }
}
