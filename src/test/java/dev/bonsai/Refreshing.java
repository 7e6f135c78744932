package dev.bonsai;

import dev.bonsai.core.Effect;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import java.util.Map;
import java.util.Set;

/**
 * A technique of a test with more to say than {@link FakeTechnique}.
 *
 * @param base what it is else
 * @param getRefresh how often it is worked out anew
 * @param getEffect what it does to values
 */
public record Refreshing(FakeTechnique base, Refresh getRefresh, Effect getEffect)
        implements Technique {

    @Override
    public String getName() {
        return base.getName();
    }

    @Override
    public WeightSelector getSelector() {
        return base.getSelector();
    }

    @Override
    public Levels getLevels() {
        return base.getLevels();
    }

    @Override
    public Set<Signal> getSignals() {
        return base.getSignals();
    }

    @Override
    public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
        return base.propose(level, proposal);
    }
}
