/**
 * int8block, codec 0x0003, format version 1: blocks of 8-bit codes with a common scale.
 *
 * <pre>
 *  0             u16  block size B: 32, 64, 128 or 256
 *  2             u16  reserved, 0
 *  4             u16  scale of each block, bf16; k = ceil(count / B) of them
 *  4 + 2k        i8   code of each value, in the order of the values; count of them
 * </pre>
 *
 * <p><b>Rule.</b> With m the largest magnitude of a block, the scale s is {@code m * (1/127)},
 * rounded up to bf16 as {@link io.tributary.codecs.block} says. A value x gets the code nearest to
 * {@code x * r}, where r is the float32 nearest to 1/s; of two codes equally near, the even one.
 * The product is not rounded before the code is: adding 1.5 * 2^23 in one fused multiply-add leaves
 * the code in the low byte of the sum. A code c means {@code c * s}, exactly. The encoder never
 * writes -128; a decoder takes it for what it says.
 *
 * <p><b>Error.</b> At most s/2 for each value, plus 2^-15 s for the rounding of r. Because s is
 * rounded up it is at most m/127 times 1.0079.
 *
 * <p><b>Size.</b> 8 + 16/B bits a value; blocks of 64 by default, 8.25 bits. On normally
 * distributed values the relative error (L2) is 0.0055, 0.0060, 0.0065 and 0.0070 for blocks of 32,
 * 64, 128 and 256.
 *
 * <p><b>Cost.</b> Encoding reads each value twice, the second time from the first-level cache: once
 * for the largest magnitude, once for the code. Decoding is one multiplication a value. No
 * allocation, but for an entry in the GPU thread's queue.
 *
 * <p>Belongs here: the format's constants, the scalar kernel that defines the arithmetic, and the
 * kernels that say the same faster. Does not belong here: header and scales, which all block codecs
 * share.
 */
@NullMarked
package io.tributary.codecs.int8block;

import org.jspecify.annotations.NullMarked;
