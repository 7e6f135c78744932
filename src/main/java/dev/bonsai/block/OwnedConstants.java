package dev.bonsai.block;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.bonsai.encoding.EncodedWeight;
import java.lang.ref.Cleaner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The constants of a graph per device, which are freed once nobody holds what runs the graph. */
final class OwnedConstants {

    private static final Cleaner CLEANER = Cleaner.create();

    private final List<EncodedWeight> values;
    private final Arrays arrays = new Arrays();

    private static final class Arrays implements Runnable {

        private final Map<Device, DeviceConstants> devices = new ConcurrentHashMap<>();

        @Override
        public void run() {
            devices.values().forEach(DeviceConstants::close);
        }
    }

    private OwnedConstants(List<EncodedWeight> values) {
        this.values = values;
    }

    /**
     * Makes the constants of an owner.
     *
     * @param owner what runs the graph, to be kept reachable as long as a pass goes on
     */
    static OwnedConstants of(Object owner, List<EncodedWeight> values) {
        OwnedConstants constants = new OwnedConstants(values);
        CLEANER.register(owner, constants.arrays);
        return constants;
    }

    /** Returns the constants on a device, in memory of their own. */
    DeviceConstants on(Device device, NDManager anyOfTheEngine) {
        return arrays.devices.computeIfAbsent(
                device,
                d -> new DeviceConstants(anyOfTheEngine.getEngine().newBaseManager(d), values));
    }

    /** Returns how many arrays the constants of a device take up. */
    int size(Device device) {
        DeviceConstants known = arrays.devices.get(device);
        return known == null ? 0 : known.size();
    }
}
