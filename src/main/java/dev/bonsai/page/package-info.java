/**
 * One page about a run, which opens in any browser from disk, and the same numbers as JSON: what
 * {@link dev.bonsai.page.ReportPage} writes. Needs jte's runtime and the WebJar of ECharts,
 * optional dependencies of Bonsai's.
 *
 * <p>Stability: may change.
 */
@NullMarked
package dev.bonsai.page;

import org.jspecify.annotations.NullMarked;
