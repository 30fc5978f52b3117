/**
 * Encoders of ggml's blocks of 32 and 256 values, and files of them, whole models included.
 *
 * <p>The layouts are ggml's, and decoding is stream-core's, beside the reader of GGUF. Which scale,
 * minimum and codes a block gets is an encoder's own affair: the searches here are weighted least
 * squares over a few trial scales, as ggml's are, but not bit for bit ggml's.
 *
 * <p>Belongs here: searches, the bytes of blocks, writing GGUF. Does not belong here: decoding.
 */
@NullMarked
package io.tributary.weights.ggml;

import org.jspecify.annotations.NullMarked;
