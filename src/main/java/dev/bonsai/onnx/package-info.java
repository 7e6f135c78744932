/**
 * ONNX files in and out: {@link dev.bonsai.onnx.OnnxImporter} makes a graph of one, {@link
 * dev.bonsai.onnx.OnnxExporter} writes one and runs it before it is handed out.
 *
 * <p>Both need the optional dependency {@code org.tribuo:tribuo-util-onnx}, and the exporter {@code
 * com.microsoft.onnxruntime:onnxruntime}.
 *
 * <p>Stability: stable.
 */
@NullMarked
package dev.bonsai.onnx;

import org.jspecify.annotations.NullMarked;
