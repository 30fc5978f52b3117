/**
 * What the codecs across a cut share that quantize each channel by itself: messages of rows by
 * channels, in widths of 2 to 8 bits that may differ from channel to channel.
 *
 * <pre>
 *  0             u8   form: 1 asymmetric, 2 symmetric, 3 other
 *  1             u8   bits of every channel, 2 to 8; 0 where a table says so
 *  2             i8   e, the power of two of steps and offsets, -80 to 111
 *  3             u8   flags: 1 kinds of rows follow, 2 samples follow
 *  4             u32  rows
 *  8             u32  channels, C
 * 12             u32  number of the message, below 2^31
 * 16             u32  version of the table of widths; 0 without a table
 * 20                  with flag 1: kind of each row in 2 bits from the lowest up, whole bytes
 *                     with flag 2: u32 number of samples, then u32 each
 *                     C halves: steps s, not negative
 *                     C halves: offsets z; form 1 only
 *                     codes of the quantized rows, see below
 *                     form 1 only: number n of exceptions, then for each the places between it and
 *                     the one before, and a half that is its value divided by 2^e
 *                     form 1 only: rows of kind 1, C halves each, divided by 2^e
 * </pre>
 *
 * <p>All numbers are little endian; n and the numbers of places have 7 bits a byte, from the lowest
 * up, bit 7 set if more follow. In form 1 rows of kind 0 are quantized, in form 2 those of kind 0
 * and 1. The place of a value is its channel times the number of quantized rows, plus its row's.
 *
 * <p><b>Codes.</b> Every 8 rows make a tile: the 8 codes of w bits of one channel, from the lowest
 * bit up, are w bytes, and a tile has those of one channel after the other. The rows that are left
 * have their codes one after the other too, channel by channel, up to a whole byte. So codes take
 * exactly {@code ceil(sum of rows * bits / 8)} bytes.
 *
 * <p><b>Rule.</b> Code c of a channel means {@code fma(c, s 2^e, z 2^e)}; in form 2 z is {@code
 * -(2^(b-1) - 1) s}, so that zero is the middle one of 2^b - 1 codes. {@link
 * io.tributary.codecs.channelwise.ChannelKernel#pack} says how a code is found. The encoder rounds
 * z down and s up, so that no value of the range lies beyond the grid's ends: its error is at most
 * half a step, but for the rounding of float32.
 *
 * <p><b>Odd values.</b> NaN, infinity and magnitudes from 2^125 on are refused by row and channel.
 * A constant channel has the step that makes up for the rounding of z. Values further than five
 * standard deviations from their channel's mean are exceptions.
 *
 * <p><b>Cost.</b> One pass to measure, one to quantize and pack. Exceptions cost another one over
 * the channels that have some.
 *
 * <p><b>References.</b> Max (1960), "Quantizing for minimum distortion", for the sharp ranges.
 *
 * <p>Belongs here: the message format, all kernels. Does not belong here: who chooses widths.
 */
@NullMarked
package io.tributary.codecs.channelwise;

import org.jspecify.annotations.NullMarked;
