/**
 * Model files of compressed tensors, {@code .trib}; {@code docs/model-format.md} is their
 * specification.
 *
 * <p>A file begins with an index that says how each tensor lies in the pieces behind it, with a
 * CRC32C of each piece. A block of rows is found and decoded without any other. Pieces stand tensor
 * by tensor, or all the coarse ones first: then a beginning of the file is a coarser model.
 *
 * <p>Belongs here: the file's bytes, reading and writing them. Does not belong here: layouts of
 * rows, recipes.
 */
@NullMarked
package io.tributary.weights.file;

import org.jspecify.annotations.NullMarked;
