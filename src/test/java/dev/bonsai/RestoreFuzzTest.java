package dev.bonsai;

import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import dev.bonsai.checkpoint.Samples;
import dev.bonsai.checkpoint.StateFileException;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.RestorationContract;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A state that was changed is restored, or refused by the file or by the technique. */
public class RestoreFuzzTest {

    private static final int CHANGES = 60;

    private Path path;

    @BeforeClass
    void open() throws IOException {
        path = Files.createTempFile("bonsai-restore", ".state");
    }

    @AfterClass
    void close() throws IOException {
        Files.delete(path);
    }

    @DataProvider
    Object[][] techniques() {
        return Cross.of(EveryTechnique.values());
    }

    @Test(dataProvider = "techniques", timeOut = 60_000)
    void aChangedStateIsRestoredOrRefused(EveryTechnique every) throws IOException {
        Technique technique = every.technique();
        Random random = new Random(every.name().hashCode());
        int restored = 0;
        try (NDManager state = NDManager.newBaseManager()) {
            FakeProposal proposal = new FakeProposal(state);
            for (Shape shape : new Shape[] {new Shape(4, 6), new Shape(3, 8)}) {
                add(technique, proposal, shape, random);
            }
            every.putBehind(proposal);
            double level = technique.getLevels().target();
            Map<TargetWeight, WeightTransform> transforms = technique.propose(level, proposal);
            byte[] file = RestorationContract.of(technique).bytes(transforms);
            for (int i = 0; i < CHANGES; ++i) {
                Files.write(path, Samples.summed(changed(file, random)));
                restored += restored(technique, transforms) ? 1 : 0;
            }
        }
        boolean empty = every == EveryTechnique.BFLOAT16 || every == EveryTechnique.FLOAT16;
        assertTrue(empty || restored > 0, "what is still a state: " + restored);
        assertTrue(restored < CHANGES, "changes that count: " + (CHANGES - restored));
    }

    /** Every other change is that of a digit. */
    private static byte[] changed(byte[] file, Random random) {
        byte[] changed = file.clone();
        int at = random.nextInt(24, changed.length);
        if (random.nextBoolean()) {
            while (!Character.isDigit(changed[at])) {
                at = random.nextInt(24, changed.length);
            }
            changed[at] = (byte) ('0' + random.nextInt(10));
        } else {
            changed[at] = (byte) random.nextInt();
        }
        return changed;
    }

    private static void add(
            Technique technique, FakeProposal proposal, Shape shape, Random random) {
        TargetWeight weight = proposal.add("weight" + shape.get(0), shape, normals(random, shape));
        for (Signal signal : technique.getSignals()) {
            proposal.setSignal(weight, signal, normals(random, shape));
        }
    }

    private static float[] normals(Random random, Shape shape) {
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private boolean restored(Technique technique, Map<TargetWeight, WeightTransform> transforms)
            throws IOException {
        try (StateFileReader reader = StateFileReader.open(path);
                NDManager owner = NDManager.newBaseManager()) {
            JsonObject root = reader.root();
            Map<TargetWeight, TransformState> states = new LinkedHashMap<>();
            for (TargetWeight weight : transforms.keySet()) {
                states.put(
                        weight, reader.toState(root.get(weight.path()), technique.getStateTypes()));
            }
            technique.restore(states, owner);
            return true;
        } catch (StateFileException | IllegalArgumentException e) {
            assertTrue(e.getMessage().length() < 1000, e.getMessage());
            return false;
        }
    }
}
