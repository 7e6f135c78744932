/**
 * Runs the trials of a search on Apache Spark: each is a task on an executor, and the search, its
 * journal and its rules stay in the driver. Needs {@code org.apache.spark:spark-core_2.13}, which a
 * cluster has.
 *
 * <p>Stability: may change, as clusters of other kinds may come.
 */
@NullMarked
package dev.bonsai.spark;

import org.jspecify.annotations.NullMarked;
