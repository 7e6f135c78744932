/**
 * What a compression did, as values, and what shows them to people: text, HTML and charts.
 *
 * <p>{@link dev.bonsai.report.ReportHtml} needs nothing but Java. {@link
 * dev.bonsai.report.ReportCharts}, {@link dev.bonsai.report.WeightCharts} and {@link
 * dev.bonsai.report.Figure} need XChart, an optional dependency: whoever asks for charts adds
 * {@code org.knowm.xchart:xchart}. In a Jupyter notebook with a Java kernel a report and a figure
 * show themselves when a cell ends with them.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.report;

import org.jspecify.annotations.NullMarked;
