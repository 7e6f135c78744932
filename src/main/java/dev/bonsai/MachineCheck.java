package dev.bonsai;

import ai.djl.Device;
import dev.bonsai.kernel.ConvolutionCheck;
import java.util.List;

/**
 * Looks for what makes models go wrong on a machine, whoever trains or runs them: to be asked
 * before a long training. {@link CompressionListener} asks too, and its report has the same notes.
 *
 * <pre>{@code
 * MachineCheck.notes(Device.cpu()).forEach(System.err::println);
 * }</pre>
 */
public final class MachineCheck {

    private MachineCheck() {}

    /**
     * Says what is wrong with a machine and how to mend it. So far one thing is looked for, on
     * processors alone: convolutions that are not what they should be. It takes some milliseconds,
     * and a second call none.
     *
     * @param device where models are to be trained or run
     * @return a sentence or two for each; empty if nothing was found
     */
    public static List<String> notes(Device device) {
        return ConvolutionCheck.note(device).stream().toList();
    }
}
