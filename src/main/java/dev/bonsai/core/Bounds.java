package dev.bonsai.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which numbers a component of a record of settings may have, or each item of its list: what a
 * schema tells an editor, and what finds the wrong one of many numbers in a file. The record checks
 * its numbers by itself, whatever stands here.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Bounds {

    /**
     * Returns the least number.
     *
     * @return the least number that is allowed; without a bound by default
     */
    double atLeast() default Double.NEGATIVE_INFINITY;

    /**
     * Returns the number that all are greater than.
     *
     * @return the greatest number that is not allowed; without a bound by default
     */
    double above() default Double.NEGATIVE_INFINITY;

    /**
     * Returns the greatest number.
     *
     * @return the greatest number that is allowed; without a bound by default
     */
    double atMost() default Double.POSITIVE_INFINITY;

    /**
     * Returns the number that all are less than.
     *
     * @return the least number that is not allowed any more; without a bound by default
     */
    double below() default Double.POSITIVE_INFINITY;
}
