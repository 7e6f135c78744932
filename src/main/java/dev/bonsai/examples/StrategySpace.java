package dev.bonsai.examples;

import ai.djl.training.loss.Loss;
import dev.bonsai.core.Technique;
import dev.bonsai.examples.network.Network;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.search.Choice;
import dev.bonsai.search.SearchSpace;
import dev.bonsai.search.Strategy;
import java.util.ArrayList;
import java.util.List;

/** The strategies that the search chooses from: how sparse, and how many bits for each weight. */
final class StrategySpace {

    private static final int MOST_STEPS = 6;

    private final Choice<Float> sparsity;
    private final List<Choice<Integer>> bits = new ArrayList<>();

    private StrategySpace(Network network) {
        sparsity =
                switch (network) {
                    case LENET5 -> Choice.of("sparsity", 0.983f, 0.977f, 0.98f, 0.982f, 0.985f);
                    case LENET300 -> Choice.of("sparsity", 0.96f, 0.94f, 0.95f, 0.965f, 0.97f);
                    case TINY -> Choice.of("sparsity", 0.85f, 0.8f, 0.88f, 0.9f);
                    case NANO -> Choice.of("sparsity", 0.2f, 0.1f, 0.3f);
                    case RESNET8 -> Choice.of("sparsity", 0.7f, 0.6f, 0.75f, 0.8f);
                };
        for (String path : network.newBlock().getParameters().keys()) {
            if (path.endsWith("weight")) {
                bits.add(Choice.of(path, 3, 2, 4));
            }
        }
    }

    static StrategySpace of(Network network) {
        return new StrategySpace(network);
    }

    SearchSpace all() {
        SearchSpace.Builder space = SearchSpace.builder().addChoice(sparsity);
        bits.forEach(space::addChoice);
        return space.build();
    }

    /** Builds what a strategy stands for, in as many steps as the epochs allow. */
    List<Technique> techniques(Strategy strategy, int epochs) {
        int steps = Math.max(1, Math.min(MOST_STEPS, epochs / 2));
        Quantization.Builder quantization = SmallFile.quantization(SmallFile.BIAS_BITS);
        bits.forEach(
                choice -> // the path of one weight may stand in that of another
                quantization.addBits("^" + choice.name() + "$", strategy.get(choice)));
        return List.of(SmallFile.pruning(strategy.get(sparsity), steps), quantization.build());
    }

    float learningRate() {
        return SmallFile.LEARNING_RATE;
    }

    Loss loss() {
        return Loss.softmaxCrossEntropyLoss();
    }
}
