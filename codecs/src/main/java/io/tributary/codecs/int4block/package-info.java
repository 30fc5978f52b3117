/**
 * int4block, codec 0x0004, format version 1: blocks of 4-bit codes with a common scale.
 *
 * <pre>
 *  0             u16  block size B: 32, 64, 128 or 256
 *  2             u16  reserved, 0
 *  4             u16  scale of each block, bf16; k = ceil(count / B) of them
 *  4 + 2k             codes; a group of n values takes h = ceil(n/2) bytes, 32 but for the last:
 *                     byte j holds value j in its low half and value h + j in its high half
 *                     (0 if there is no such value), each a two's complement number
 * </pre>
 *
 * <p><b>Rule.</b> As {@link io.tributary.codecs.int8block}, with 7 as the largest code: with m the
 * largest magnitude of a block, the scale s is {@code m * (1/7)}, rounded up to bf16. A value x
 * gets the code nearest to {@code x * r}, where r is the float32 nearest to 1/s; of two codes
 * equally near, the even one. A code c means {@code c * s}, exactly. The encoder never writes -8; a
 * decoder takes it for what it says.
 *
 * <p><b>Error.</b> At most s/2 for each value, plus 2^-20 s for the rounding of r; s is at most m/7
 * times 1.0079.
 *
 * <p><b>Size.</b> 4 + 16/B bits a value; blocks of 64 by default, 4.25 bits. On normally
 * distributed values the relative error (L2) is 0.097, 0.108, 0.117 and 0.126 for blocks of 32, 64,
 * 128 and 256.
 *
 * <p><b>Cost.</b> As int8block. No allocation, but for an entry in the GPU thread's queue.
 *
 * <p>Belongs here: the format's constants, the scalar kernel that defines the arithmetic, and the
 * kernels that say the same faster. Does not belong here: header and scales, which all block codecs
 * share.
 */
@NullMarked
package io.tributary.codecs.int4block;

import org.jspecify.annotations.NullMarked;
