package dev.bonsai;

import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import dev.bonsai.pruning.Saving;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.pruning.Thinning;
import org.testng.annotations.Test;

/** Thinning of units that are divided into parts. */
public class SplitThinningTest extends ToyTestBase {

    /** Each part of what is split keeps a unit, whichever goes first. */
    @Test
    void aNetworkWhoseUnitsAreInTwoPartsGetsThinner() throws Exception {
        for (long first : new long[] {1, 3}) {
            Block parts =
                    new LambdaBlock(
                            list -> {
                                NDList split = list.head().split(new long[] {first}, 1);
                                return new NDList(
                                        NDArrays.concat(
                                                new NDList(
                                                        split.get(0).tanh(),
                                                        Activation.relu(split.get(1))),
                                                1));
                            });
            SequentialBlock net =
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(12).build())
                            .add(parts)
                            .add(Linear.builder().setUnits(Toy.CLASSES).build());
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Thinning.builder()
                                            .setSaving(Saving.parameters(0.6f))
                                            .optSchedule(SparsitySchedule.linear(1))
                                            .build())
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            try (Model model = Toy.model(net)) {
                toy.train(model, 1, listener);
                assertTrue(listener.getReport().network().isPresent());
            }
        }
    }
}
