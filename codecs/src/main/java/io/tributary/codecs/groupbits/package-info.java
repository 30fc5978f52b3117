/**
 * groupbits, codec 0x0042, format version 1: one width for all, a step and an offset for every
 * group of channels of every row. The usual way to quantize activations within a layer, and a
 * yardstick for widths by channel.
 *
 * <p>A message is a head of form 3 of {@link io.tributary.codecs.channelwise} with the rows, then a
 * message of form 1 whose channels are groups, row by row, and whose rows are the values of a
 * group. Padding is left out; first rows are like others, since no group has values of two rows.
 * Groups of 64 take half a bit a value for their steps and offsets. Gradients are those of amaq at
 * one width.
 *
 * <p>Belongs here: how values become groups. Does not belong here: the message format.
 */
@NullMarked
package io.tributary.codecs.groupbits;

import org.jspecify.annotations.NullMarked;
