package dev.bonsai.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.Locale;

/** Runs a file in integers on the inputs of a calibration, beside what the floats gave. */
final class QuantizedRun {

    private QuantizedRun() {}

    static Comparison compare(byte[] bytes, Calibration calibration, OnnxQuantization quantization)
            throws OnnxExportException {
        Comparison comparison = run(bytes, calibration, quantization, OptLevel.ALL_OPT);
        if (!(comparison.decibels() >= quantization.leastDecibels())) {
            throw tooFar(bytes, comparison.decibels(), calibration, quantization);
        }
        return comparison;
    }

    private static Comparison run(
            byte[] bytes, Calibration calibration, OnnxQuantization quantization, OptLevel level)
            throws OnnxExportException {
        Comparison comparison = new Comparison(Double.POSITIVE_INFINITY);
        try (OrtSession session = new OrtSession(bytes, level)) {
            for (int i = 0; i < calibration.size(); ++i) {
                comparison.add(
                        calibration.model().graph().outputs(),
                        session.run(calibration.inputs(i)),
                        calibration.outputs(i));
            }
        } catch (OrtException e) {
            throw refused(e, quantization.form());
        }
        return comparison;
    }

    /** Unfused, the products are computed in floats, so that both runs tell file from processor. */
    private static OnnxExportException tooFar(
            byte[] bytes, double decibels, Calibration calibration, OnnxQuantization quantization)
            throws OnnxExportException {
        double unfused = run(bytes, calibration, quantization, OptLevel.NO_OPT).decibels();
        return new OnnxExportException(
                String.format(
                        Locale.ROOT,
                        "In %s the file's outputs have %.1f dB of signal to noise beside the float"
                                + " model's, but at least %.1f are asked for, so that none was"
                                + " written: %s",
                        quantization.form(),
                        decibels,
                        quantization.leastDecibels(),
                        unfused >= quantization.leastDecibels()
                                ? String.format(
                                        Locale.ROOT,
                                        "ONNX Runtime's integer kernels are wrong on this"
                                                + " processor, as without them the same file has"
                                                + " %.1f dB: use a newer"
                                                + " com.microsoft.onnxruntime:onnxruntime",
                                        unfused)
                                : "keep the first and last products with optFloat, choose another"
                                        + " ActivationRange, give more samples, or allow less with"
                                        + " optLeastDecibels"));
    }

    /** Says what ONNX Runtime lacks, or else its own words. */
    static OnnxExportException refused(OrtException e, OnnxForm form) {
        boolean lacks =
                e.getMessage() != null
                        && (e.getMessage().contains("is not a registered function/op")
                                || e.getMessage().contains("Could not find an implementation"));
        return new OnnxExportException(
                "ONNX Runtime does not run the file in "
                        + form
                        + ", so that none was written: "
                        + e.getMessage()
                        + (lacks
                                ? ". It lacks the operator: use"
                                        + " com.microsoft.onnxruntime:onnxruntime:1.21.1 or newer,"
                                        + " or another OnnxQuantization"
                                : ""),
                e);
    }
}
