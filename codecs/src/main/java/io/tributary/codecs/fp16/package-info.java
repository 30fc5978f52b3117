/**
 * fp16, codec 0x0002, format version 1: IEEE 754 half precision.
 *
 * <pre>
 *  0             u16  sign, 5 exponent bits, 10 significand bits of each value; 2 * count bytes
 * </pre>
 *
 * <p><b>Rule.</b> Rounded to nearest even, as IEEE 754 says. Values of at least 65520 become
 * infinity, values of at most 2^-25 become zero. NaN stays NaN: it is made quiet, and keeps its
 * sign and the upper bits of its payload.
 *
 * <p><b>Error.</b> At most 2^-11 of the value or 2^-25, whichever is more, up to 65504.
 *
 * <p><b>Cost.</b> One pass. Java 17 has no instruction for it; vectors do it with one sum or one
 * product, an OpenCL device with whole numbers. No allocation, but for an entry in the GPU thread's
 * queue.
 *
 * <p>Belongs here: this codec's kernels. Does not belong here: scaling of values that don't fit; a
 * policy takes bf16 or a block codec for those.
 */
@NullMarked
package io.tributary.codecs.fp16;

import org.jspecify.annotations.NullMarked;
