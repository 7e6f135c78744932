package dev.bonsai.examples;

import dev.bonsai.search.SearchMethod;
import dev.bonsai.text.Names;
import java.util.Locale;

/** The methods that the search has, by name; a trial has 5, 10 or 20 epochs. */
enum MethodChoice {
    /** 4 strategies of 5 epochs, 2 of 10, 1 of 20; and again with others. */
    HALVING(SearchMethod.successiveHalving(4, 5, 2)),
    /** The better half of what has ended goes on as soon as there is a worker for it. */
    ASYNCHRONOUS(SearchMethod.asynchronousHalving(3, 5, 2)),
    /** Every strategy with as many epochs. */
    RANDOM(SearchMethod.random(20));

    private final SearchMethod method;

    MethodChoice(SearchMethod method) {
        this.method = method;
    }

    SearchMethod method() {
        return method;
    }

    static MethodChoice parse(String id) {
        return Names.find("method", MethodChoice.class, id);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
