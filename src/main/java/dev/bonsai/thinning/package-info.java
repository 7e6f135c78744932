/**
 * Networks that are thinner: channels, hidden units and heads are taken out of a graph and its
 * weights, and nothing of them is left. {@link dev.bonsai.thinning.ChannelGroups} tells what can go
 * together, {@link dev.bonsai.thinning.Thinner} takes it out, {@link dev.bonsai.thinning.Cost}
 * counts what is left.
 *
 * <p>Stability: may change, as more networks can be made thinner.
 */
@NullMarked
package dev.bonsai.thinning;

import org.jspecify.annotations.NullMarked;
