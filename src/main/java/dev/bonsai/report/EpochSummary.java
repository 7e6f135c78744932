package dev.bonsai.report;

/**
 * How far the compression had come when an epoch ended: what stood accepted then.
 *
 * @param epoch the number of epochs trained, from 0 for the state before the first
 * @param metric the metric of the accepted state
 * @param sparsity the fraction of zeros over all weights that techniques work on
 * @param bits the bits of a weight, averaged over the elements of these weights; 32 where nothing
 *     is quantized or shared
 */
public record EpochSummary(int epoch, double metric, double sparsity, double bits) {}
