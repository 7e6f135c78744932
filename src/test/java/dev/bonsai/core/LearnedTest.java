package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The parameters that a transform has trained. */
public class LearnedTest {

    @DataProvider
    public Object[][] sizes() {
        return new Object[][] {{1}, {4}, {8}, {30}, {200}, {1000}};
    }

    @Test(dataProvider = "sizes")
    public void oneThatJoinsAModelIsNeverUpdatedFirst(int parameters) {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (int i = 0; i < 20; ++i) {
                Map<String, Parameter> store = store(parameters);
                Parameter learned = Learned.parameter("scale", manager.create(1f));
                store.put(learned.getId(), learned);
                assertNotEquals(store.keySet().iterator().next(), learned.getId());
            }
        }
    }

    /** As DJL's ParameterStore keeps its parameters, and goes through them at every step. */
    private static Map<String, Parameter> store(int parameters) {
        Map<String, Parameter> store = new ConcurrentHashMap<>();
        for (int i = 0; i < parameters; ++i) {
            Parameter own = Parameter.builder().setType(Parameter.Type.WEIGHT).build();
            store.put(own.getId(), own);
        }
        return store;
    }

    @Test
    public void itHasItsValueAndAGradient() {
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameter learned = Learned.parameter("scale", manager.create(3f));
            assertEquals(learned.getName(), "scale");
            assertEquals(learned.getArray().getFloat(), 3f);
            assertTrue(learned.getArray().hasGradient() && learned.requiresGradient());
        }
    }
}
