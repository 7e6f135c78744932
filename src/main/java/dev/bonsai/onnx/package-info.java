/**
 * ONNX files in and out: {@link dev.bonsai.onnx.OnnxImporter} makes a graph of one, {@link
 * dev.bonsai.onnx.OnnxExporter} writes one and runs it before it is handed out.
 *
 * <p>Both need the optional dependency {@code org.tribuo:tribuo-util-onnx}, and the exporter {@code
 * com.microsoft.onnxruntime:onnxruntime}.
 */
package dev.bonsai.onnx;
