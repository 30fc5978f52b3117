/**
 * int2block to int7block (without 4, which has a package of its own), codecs 0x0007 to 0x000b, and
 * int2wh, int3wh and int4wh, codecs 0x0014 to 0x0016, all format version 1: blocks of codes of 2 to
 * 7 bits with a common scale, plain or rotated.
 *
 * <pre>
 *  0             u16  block size B: 32, 64, 128 or 256
 *  2             u16  reserved, 0
 *  4             u16  scale of each block, bf16; k = ceil(count / B) of them
 *  4 + 2k             codes, group after group of 64 values; the last may be short
 *
 *  A group of n values: a plane for each power of two in the number of bits, the largest first
 *
 *  bits     planes            bytes of a whole group
 *  2        2                 16
 *  3        2, 1              16 + 8
 *  5        4, 1              32 + 8
 *  6        4, 2              32 + 16
 *  7        4, 2, 1           32 + 16 + 8
 * </pre>
 *
 * <p>The first plane holds the lowest bits of each code, the next one those above. A plane of w
 * bits takes {@code h = ceil(n w / 8)} bytes: byte j holds value {@code j + h i} in the w bits from
 * bit {@code w i} on, and 0 where there is no such value. So eight codes that lie in eight bytes
 * move into a plane by one shift, and the plane of 4 bits is what int4block's codes are. Codes are
 * two's complement numbers.
 *
 * <p><b>Rule, 5 to 7 bits.</b> As {@link io.tributary.codecs.int8block}, with {@code 2^(bits-1) -
 * 1} as the largest code.
 *
 * <p><b>Rule, 3 bits.</b> The same with codes up to 3, but the scale s is a 12th of the block's
 * largest magnitude, rounded up to bf16, and a code c means {@code 4 c s}: so the scale's
 * reciprocal is a normal number whatever float32 the largest magnitude is.
 *
 * <p><b>Rule, 2 bits.</b> There is no zero: a code c means {@code (8 c + 4) s}, the levels are -12,
 * -4, 4 and 12 times s, and s is an eighth of the block's root mean square, which is near the best
 * choice for normally distributed values ({@code docs/adr/0015-two-bit-levels.md}). With y the
 * float32 product {@code x * r}, r as in int8block, the level is one of the inner two for |y| below
 * 8, and positive unless y is below zero. The mean square is measured with a ruler t, the scale
 * that int8block would give the block: it is {@code q / n}, a float32 division, of the sum q of the
 * squares of the values' 8-bit codes, which is a whole number and so doesn't depend on the order of
 * summing. Its square root is looked up among those of 256 intervals (7 bits below the leading one,
 * and whether the exponent is odd), each with the root of its middle; s is {@code t * root / 8},
 * rounded to the nearest bf16, midway up. A block of zeros has the scale 0, and gets zeros back.
 *
 * <p><b>Rotation.</b> int2wh, int3wh and int4wh quantize the same way what a Walsh-Hadamard
 * transform makes of a block, so that a value which is far larger than its neighbours is spread
 * over all of them. Value i of a block gets a minus if bit i % 64 of word i / 64 of the fraction of
 * pi is set (0x243f6a8885a308d3 0x13198a2e03707344 0xa4093822299f31d0 0x082efa98ec4e6c89), is
 * multiplied by {@code 1 / (2 B)}, and goes through butterflies a + b and a - b of neighbours
 * first, then of values at a distance of 2, 4, up to B / 2, each sum rounded to float32. Decoding
 * does the same with what the codes mean, multiplies by the sign and by 2 s, and is exact; a
 * magnitude beyond the largest float32, which can come of values near to it, becomes the largest
 * float32. Values after the last whole block and the last whole group aren't rotated. A device must
 * keep subnormal numbers for equal bits where all of a block's values are below 2^-100 or so.
 *
 * <p><b>Error.</b> From 3 bits on at most half a step for each value, and a step is at most the
 * block's largest magnitude over the largest code, times 1.0079. With 2 bits a value beyond 12 s is
 * decoded as 12 s. In a rotated block the bounds hold for the rotated values, and for the root mean
 * square of the block's errors. Relative error (L2) on normally distributed values, on Laplace and
 * on Student's t values with outlier channels (the sets N, L and T of the codec bench), blocks of
 * 64:
 *
 * <pre>
 *  bits a value    N       L       T
 *  2.25            0.340   0.596   0.606
 *  3.25            0.252   0.302   0.331
 *  5.25            0.050   0.086   0.093
 *  6.25            0.024   0.045   0.048
 *  7.25            0.012   0.023   0.024
 *  2.25, rotated   0.340   0.344   0.339
 *  3.25, rotated   0.252   0.223   0.222
 *  4.25, rotated   0.108   0.095   0.095   (int4block: 0.108, 0.159, 0.174)
 * </pre>
 *
 * <p><b>Cost.</b> Vectors make a byte of each value, longs make planes of bytes, eight at a time,
 * through 2 KiB that belong to the calling thread. With 2 bits each value is read three times.
 * Rotated blocks go through 8 KiB more. No allocation, but for an entry in the GPU thread's queue.
 *
 * <p><b>References.</b> Max (1960), "Quantizing for minimum distortion", for the levels of 2 bits;
 * Ashkboos et al. (2024), "QuaRot", and Tseng et al. (2024), "QuIP#", for rotations with signs
 * before quantizing.
 *
 * <p>Belongs here: the formats, the scalar kernel that defines the arithmetic, and the kernels that
 * say the same faster, one class for all numbers of bits. Does not belong here: header and scales,
 * which all block codecs share.
 */
@NullMarked
package io.tributary.codecs.intblock;

import org.jspecify.annotations.NullMarked;
