/** Tests of models of ONNX. */
@NullMarked
package io.tributary.file.onnx;

import org.jspecify.annotations.NullMarked;
