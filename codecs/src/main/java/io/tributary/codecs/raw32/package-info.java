/**
 * raw32, codec 0x0001, format version 1: float32 as it is.
 *
 * <pre>
 *  0             f32  each value, little endian; 4 * count bytes, nothing else
 * </pre>
 *
 * <p>Every bit pattern survives, NaN with its payload, infinity and minus zero too. It proves the
 * path on which a lossy codec is blamed, and is the baseline of every comparison.
 *
 * <p>Belongs here: this codec. Does not belong here: float32 in any other byte order or wrapping.
 */
@NullMarked
package io.tributary.codecs.raw32;

import org.jspecify.annotations.NullMarked;
