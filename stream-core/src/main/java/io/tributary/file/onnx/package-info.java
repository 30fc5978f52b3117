/**
 * Models of ONNX: the initializers of their graph, which are the weights.
 *
 * <p>A file is one protobuf message, a ModelProto. Of its fields only the graph (7) is looked at,
 * of the graph only the initializers (5), of an initializer its extents (1), its element type (2),
 * its name (8) and where its values lie: raw bytes (9), or packed floats (4), which are the same
 * bytes. All else is skipped by its length. Nothing is loaded before it is read.
 *
 * <p>Read by hand, because no library that is here already reads it, and half a page does.
 *
 * <p>Belongs here: finding tensors in a file. Does not belong here: nodes, and what a graph
 * computes.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">the format</a>
 */
@NullMarked
package io.tributary.file.onnx;

import org.jspecify.annotations.NullMarked;
