package dev.bonsai.spark;

import dev.bonsai.search.Experiment;
import java.io.Serializable;

/**
 * An experiment that is sent to executors. It is a function of strategy and effort, and of what it
 * was made with, such as a seed and where the data is; all of which can be serialized. Model and
 * data it makes anew where it runs. A lambda expression can be one: see {@link SparkRunner}.
 */
@FunctionalInterface
public interface SparkExperiment extends Experiment, Serializable {}
