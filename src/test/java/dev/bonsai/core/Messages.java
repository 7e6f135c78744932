package dev.bonsai.core;

import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

/** What errors say. */
public final class Messages {

    private Messages() {}

    /** Asserts that an error's message has all parts. */
    public static void assertMessage(Throwable error, String... parts) {
        for (String part : parts) {
            assertTrue(error.getMessage().contains(part), error.getMessage() + " lacks " + part);
        }
    }

    /** Asserts that an argument is refused with a message that has all parts. */
    public static void assertMessage(Runnable action, String... parts) {
        assertMessage(expectThrows(IllegalArgumentException.class, action::run), parts);
    }
}
