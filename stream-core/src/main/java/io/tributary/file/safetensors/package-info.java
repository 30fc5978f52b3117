/**
 * Files of tensors in the safetensors format, read where they lie.
 *
 * <p>A file is a 64-bit length, a JSON header of that length with a name, an element type, a shape
 * and a pair of offsets for each tensor, and then the tensors' bytes, all little endian. The header
 * comes from wherever the file does and is believed in nothing: its length and the number of its
 * tensors are limited, and each tensor must lie inside the file, have the size that its shape and
 * type say, and begin where the one before it ends, so that none overlap and no byte is hidden.
 *
 * <p>A model may lie in several such files with an index in JSON, which says which tensor is where.
 * The index is believed as little: it names files beside itself, and they hold exactly its tensors.
 *
 * <p>Belongs here: reading and writing that format. Does not belong here: what a tensor means to a
 * model.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
@NullMarked
package io.tributary.file.safetensors;

import org.jspecify.annotations.NullMarked;
