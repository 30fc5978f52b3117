/**
 * fp8e4m3, codec 0x0010, and fp8e5m2, codec 0x0011, both format version 1: 8-bit floating-point
 * numbers in blocks with a common scale.
 *
 * <pre>
 *  0             u16  block size B: 32, 64, 128 or 256
 *  2             u16  reserved, 0
 *  4             u16  scale of each block, bf16; k = ceil(count / B) of them
 *  4 + 2k        u8   code of each value, in the order of the values; count of them
 *
 *  code of e4m3:  7  sign   6..3  exponent e   2..0  fraction m
 *  code of e5m2:  7  sign   6..2  exponent e   1..0  fraction m
 * </pre>
 *
 * <p>With f the number of fraction bits, a magnitude is {@code m} for e = 0 and {@code (2^f + m) *
 * 2^(e-1)} otherwise, times the scale. So the least magnitude is the scale itself, and every
 * decoded value is a normal number; others count in units of 2^-9 (e4m3) and 2^-16 (e5m2) of this.
 * The scale is the block's largest magnitude over the largest number of the format, 448 and 57344
 * in their units, rounded up to bf16 as {@link io.tributary.codecs.block} says.
 *
 * <p><b>Rule.</b> With r the float32 nearest to 1/s and y the float32 product {@code x * r}, the
 * code is the one nearest to y; of two equally near, the even one. The sign survives, that of zero
 * too. All 256 codes are numbers here: what elsewhere is infinity or NaN follows the formula, and
 * is written only where a scale would otherwise be so large that it doesn't decode to a finite
 * value: in blocks with a value of 2^127 or more.
 *
 * <p><b>Error.</b> At most 2^-(f+1) of the value or s/2, whichever is more.
 *
 * <p><b>Size.</b> 8 + 16/B bits a value; blocks of 256 by default, 8.0625 bits, since a number that
 * has an exponent of its own hardly needs a scale near to it. Integers of 8 bits are the better
 * choice where a block's values are of one size: their error is a fraction of the block's largest
 * value, here it is one of each value. On normally distributed values the relative error (L2) is
 * 0.026 (e4m3) and 0.052 (e5m2).
 *
 * <p><b>Cost.</b> Encoding is one sum a value: it adds a power of two whose last place is that of
 * the result. An OpenCL device rounds by {@code rint} instead, with the same result, because it may
 * contract a sum with the product before. No allocation, but for an entry in the GPU thread's
 * queue.
 *
 * <p><b>Reference.</b> Micikevicius et al. (2022), "FP8 formats for deep learning", section 3, for
 * the two formats.
 *
 * <p>Belongs here: the two formats and the kernels that both share. Does not belong here: header
 * and scales, which all block codecs share.
 */
@NullMarked
package io.tributary.codecs.fp8;

import org.jspecify.annotations.NullMarked;
