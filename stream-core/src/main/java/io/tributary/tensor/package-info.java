/**
 * Tensors by name, shape and role; a model as an ordered list of them; a run of elements that
 * travels as one chunk; rows that can be read in any order.
 *
 * <p>Belongs here: descriptions and views of float32 data. Does not belong here: arithmetic of
 * codecs or optimizers, memory pools, anything that knows a network. All types are immutable
 * values, safe for any thread; a {@link io.tributary.tensor.TensorChunk} is a view and shares its
 * array with its maker.
 */
@NullMarked
package io.tributary.tensor;

import org.jspecify.annotations.NullMarked;
