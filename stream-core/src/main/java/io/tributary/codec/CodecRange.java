package io.tributary.codec;

/**
 * What one side says of one codec in HELLO: which format versions of its bytes it decodes.
 *
 * @param number the codec's number, see {@link CodecId#number}
 * @param oldest the oldest format version that it reads
 * @param newest the newest format version that it reads
 */
public record CodecRange(int number, int oldest, int newest) {}
