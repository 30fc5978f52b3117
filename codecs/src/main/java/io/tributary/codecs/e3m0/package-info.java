/**
 * e3m0, codec 0x0005, format version 1: 4-bit numbers of one sign bit and three exponent bits, in
 * blocks with a common scale. The outer gradients of Streaming DiLoCo travel in such numbers.
 *
 * <pre>
 *  0             u16  block size B: 32, 64, 128 or 256
 *  2             u16  reserved, 0
 *  4             u16  scale of each block, bf16; k = ceil(count / B) of them
 *  4 + 2k             codes; a group of n values takes h = ceil(n/2) bytes, 32 but for the last:
 *                     byte j holds value j in its low half and value h + j in its high half
 *                     (0 if there is no such value)
 *
 *  code:   3     sign
 *          2..0  index k: 0 means 0, k from 1 to 7 means 2^(k-1)
 * </pre>
 *
 * <p>So the magnitudes are 0 and 1, 2, 4 ... 64 times the scale s, and the scale is one 64th of the
 * block's largest magnitude, rounded up to bf16 as {@link io.tributary.codecs.block} says. (Papers
 * write 2^(k-7) times the largest magnitude; with the factor 64 in the scale, every decoded value
 * is a normal number.)
 *
 * <p><b>Rule.</b> With r the float32 nearest to 1/s and y the float32 product {@code |x| * r}, the
 * index is the one whose magnitude is nearest to y; midway between two, the larger magnitude. That
 * is integer arithmetic on the pattern of y: adding half of the significand's range carries into
 * the exponent from 1.5 * 2^k on, and the exponent is the index; y from 0.5 to 1 is index 1. Index
 * 0 has no sign: the encoder never writes code 8, and a decoder takes it for minus zero.
 *
 * <p><b>Error.</b> For y of at least 1, at most a third of the value; below, at most s/2. Encoding
 * shrinks a normally distributed vector by 3 to 4 % in the mean.
 *
 * <p><b>Size.</b> 4 + 16/B bits a value; blocks of 256 by default, 4.0625 bits, since the format
 * hardly cares: on normally distributed values the relative error (L2) is 0.181, 0.188, 0.193 and
 * 0.195 for blocks of 32, 64, 128 and 256.
 *
 * <p><b>Cost.</b> As int8block; decoding is arithmetic on the exponent, not a table. No allocation,
 * but for an entry in the GPU thread's queue.
 *
 * <p><b>Reference.</b> Douillard et al. (2025), "Streaming DiLoCo with overlapping communication",
 * section on lower-precision outer gradients. The paper doesn't tell its scales; these are ours.
 *
 * <p>Belongs here: the format's constants, the scalar kernel that defines the arithmetic, and the
 * kernels that say the same faster. Does not belong here: header and scales, which all block codecs
 * share.
 */
@NullMarked
package io.tributary.codecs.e3m0;

import org.jspecify.annotations.NullMarked;
