package dev.bonsai.search;

/** Why a search ended. */
public enum Ending {
    /** Every strategy of the space has been tried. */
    ALL_TRIED("every strategy was tried"),
    /** The budget allows no further trial. */
    TRIALS_SPENT("the budget of trials is spent"),
    /** The budget allows no more time. */
    TIME_SPENT("the budget of time is spent");

    private final String text;

    Ending(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
