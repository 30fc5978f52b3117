/**
 * Checkpoints of TensorFlow: bundles of tensors, alone or in the archive of a saved model.
 *
 * <p>A bundle is a file of names, {@code PREFIX.index}, and one or more of values, {@code
 * PREFIX.data-00000-of-00001}. The first is a table of LevelDB:
 *
 * <pre>
 *   block*                       entries, the offsets of some of them (u32 each), their count (u32);
 *   behind each block            a type (u8, 0: not compressed) and a checksum (u32)
 *   footer                       48 bytes: where the block of metadata and that of the index lie, as
 *                                numbers of varying length; zeros; 0xDB4775248B80FB57
 *   entry                        bytes shared with the key before, other bytes of the key, bytes of
 *                                the value, all three as numbers of varying length; key; value
 * </pre>
 *
 * <p>The values of the index's block say where the blocks of entries lie. The entry of the empty
 * key is a protobuf message with the number of files of values (1) and their byte order (2); each
 * other key is the name of a tensor, and its value a message with element type (1), shape (2), file
 * (3), offset (4) and size (5). Numbers are little endian. Checksums of blocks are compared, those
 * of values (6) are not. Nothing but the index is loaded before it is read.
 *
 * <p>TensorFlow keeps a linear map as {@code [in, out]} and calls it {@code kernel}. All other
 * formats here, and all that works on them, have the weights of an output in a row. So a matrix of
 * that name is shown the other way round.
 *
 * <p>Belongs here: finding tensors in bundles, bundles and files beside them in archives. Does not
 * belong here: graphs, partitioned tensors, compressed tables, what a tensor means.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto">the
 *     messages</a>
 * @see <a href="https://github.com/google/leveldb/blob/main/doc/table_format.md">the table</a>
 */
@NullMarked
package io.tributary.file.tensorbundle;

import org.jspecify.annotations.NullMarked;
