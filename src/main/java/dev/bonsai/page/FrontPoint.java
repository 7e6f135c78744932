package dev.bonsai.page;

/**
 * One trial of a search for a strategy.
 *
 * @param name what was tried
 * @param bytes the length of its file
 * @param metric its metric on the validation data
 * @param onFront whether no other trial is both smaller and better
 * @param chosen whether it is what the search recommends
 */
public record FrontPoint(String name, long bytes, double metric, boolean onFront, boolean chosen) {}
