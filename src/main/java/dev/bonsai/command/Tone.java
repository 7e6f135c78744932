package dev.bonsai.command;

/** What a text says, which has a colour on a terminal. */
public enum Tone {
    /** Something went well. */
    GOOD("32"),
    /** Something may need a look. */
    WARNING("33"),
    /** Something went wrong. */
    BAD("31"),
    /** What can be typed. */
    COMMAND("1");

    /** Ends a colour. */
    static final String PLAIN = "\u001b[0m";

    private final String number;

    Tone(String number) {
        this.number = number;
    }

    /** Returns what a terminal is sent. */
    String code() {
        return "\u001b[" + number + "m";
    }
}
