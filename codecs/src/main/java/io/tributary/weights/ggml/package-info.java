/**
 * Encoders of ggml's blocks of 32 and 256 values, and files of them, whole models included.
 *
 * <p>The layouts are ggml's, and decoding is stream-core's, beside the reader of GGUF. Which scale,
 * minimum and codes a block gets is an encoder's own affair. Here, trial scales of each group are
 * followed by weighted least squares; then the quantized scales, and what they are multiples of,
 * are fitted to the rounded values. The bytes aren't ggml's, the errors are no larger.
 *
 * <p>Belongs here: searches, the bytes of blocks, writing GGUF. Does not belong here: decoding.
 */
@NullMarked
package io.tributary.weights.ggml;

import org.jspecify.annotations.NullMarked;
