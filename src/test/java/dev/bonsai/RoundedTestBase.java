package dev.bonsai;

import dev.bonsai.core.Technique;
import dev.bonsai.quantization.ActivationQuantization;

/** What tests of rounded activations share. */
abstract class RoundedTestBase extends ToyTestBase {

    static ActivationQuantization eightBits() {
        return ActivationQuantization.builder().setBits(8).build();
    }

    CompressionListener listener(Technique... techniques) {
        CompressionListener.Builder builder = CompressionListener.builder().optGate(open());
        for (Technique technique : techniques) {
            builder.addTechnique(technique);
        }
        return builder.build();
    }
}
