/**
 * Files of tensors in the GGUF format, versions 2 and 3, and the blocks in which ggml keeps values.
 *
 * <p>A file is the word {@code GGUF}, a version, the numbers of tensors and of metadata, the
 * metadata, a name, extents, a type and an offset for each tensor, and then the tensors' bytes,
 * each from a multiple of the alignment on; all little endian. Extents are kept fastest first there
 * and are told slowest first here. The header is believed in nothing: counts and lengths are
 * limited before anything is allocated, and the tensors must fill the rest of the file one after
 * the other with no more between them than the alignment asks for.
 *
 * <p>Values lie in blocks with scales of their own. Decoding rounds as ggml's plain code does, each
 * product and each sum to float32 by itself, so that the values are the same in every bit; types of
 * which only the size is known here are listed and refused when they are read.
 *
 * <p>Belongs here: the format and ggml's blocks. Does not belong here: how values are chosen for
 * blocks, and what a tensor means to a model.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the format</a>
 */
@NullMarked
package io.tributary.file.gguf;

import org.jspecify.annotations.NullMarked;
