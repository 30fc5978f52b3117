/**
 * int4search, codec 0x0032, format version 1: 4-bit numbers whose scale, sign and spacing are
 * searched for every 16 values, for tensors that are encoded once and whose error counts.
 *
 * <pre>
 *  superblock of up to 4096 values:
 *  0             u16  base: the smallest scale's float32 pattern, shifted right by 20
 *  2                  groups of 256 values, 144 bytes each
 *
 *  group, 16 blocks of 16 values, value r of block b being value 16 r + b:
 *  0             u8   of each block: bits 5..0 scale index j, bit 6 sign, bit 7 book
 *  16                 8 rows of 16 bytes: byte b of row r has value r of block b in its low half,
 *                     value r + 8 in its high half, each a two's complement number
 * </pre>
 *
 * <p>All numbers are little endian. A last, short group is filled up with zeros. The length follows
 * from the number of values, and a decoder accepts no other; bases are 64 to 1945.
 *
 * <p><b>Rule.</b> A scale s is the float32 with the pattern {@code (base + j) << 20}: eight scales
 * an octave, eight octaves a superblock. A code k of book 0 or 1 means {@code k (64 + d |k|)} times
 * {@code s / 64}, with d = 1 or 5, negated if the sign is set: even steps, nearly, or steps that
 * grow from 1 to 2.2. Codes are from -8 to 7, so the sign gives the further end to the side that
 * has the largest magnitude. Where superblocks span more than eight octaves, blocks of small values
 * have the smallest scale.
 *
 * <p>The encoder tries three scales in each book and takes the trial with the least sum of squared
 * errors, of equal ones the first. The sum is taken in the order of a block's values. {@link
 * io.tributary.codecs.int4search.Int4SearchBook} says how a code is found.
 *
 * <p><b>Error.</b> On normal, Laplace and Student's t values (the latter two with 0.1 % of the
 * channels 20 times as large) the relative error (L2) is 0.0655, 0.0737 and 0.0745.
 *
 * <p><b>Size.</b> 4.504 bits a value for multiples of 4096.
 *
 * <p><b>Odd values.</b> NaN and infinity are refused, minus zero becomes zero, magnitudes below
 * 2^-119 or so become zero.
 *
 * <p><b>Cost.</b> Blocks are interleaved so that a vector's lane is a block: sums, comparisons and
 * choices then need no exchange between lanes, and come out the same at every vector width. One
 * group of values belongs to each calling thread, because a codec has no session whose it could be
 * and threads share it; nothing is allocated in steady state. On an OpenCL device a work group has
 * a superblock, and a work item searches two blocks.
 *
 * <p><b>References.</b> Tables with growing steps for 4 bits: Dettmers et al. (2023), "QLoRA";
 * scales of two levels and a search for them: llama.cpp's K-quants (2023). Format, books and search
 * are our own.
 *
 * <p>Belongs here: the format, the books, the kernels. Does not belong here: int4block, whose
 * encoder is many times as fast.
 */
@NullMarked
package io.tributary.codecs.int4search;

import org.jspecify.annotations.NullMarked;
