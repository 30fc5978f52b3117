package io.tributary.bench.codecs;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * One line of the table. Rates are in GB/s, 1e9 bytes of float32 a second, all threads together,
 * and medians over forks; ratios are medians of each fork's ratio.
 *
 * @param codec what was measured
 * @param backend where it computed, or {@code rival}
 * @param set the kind of values
 * @param size hot or cold
 * @param threads how many threads ran it at once
 * @param bitsPerWeight stored bits a value, side information included
 * @param relL2 relative error, L2
 * @param snrGapDb how far the signal-to-noise ratio lies below Shannon's bound; 0 if lossless
 * @param encodeGbps encoding
 * @param decodeGbps decoding
 * @param accumulateGbps decoding and adding
 * @param copyGbps System.arraycopy of the same values
 * @param encodeVsCopy encoding's ratio to the copy
 * @param encodeVsCopyLow its lowest over forks
 * @param encodeVsCopyHigh its highest
 * @param decodeVsCopy decoding's ratio
 * @param decodeVsCopyLow its lowest
 * @param decodeVsCopyHigh its highest
 * @param decodeAndAddVsCopy the ratio of decoding and adding
 * @param decodeAndAddVsCopyLow its lowest
 * @param decodeAndAddVsCopyHigh its highest
 * @param allocatedBytesPerOp bytes that a thread allocated in each turn of the four operations
 * @param forks JVMs that were measured
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record CodecRow(
    String codec,
    String backend,
    String set,
    String size,
    int threads,
    double bitsPerWeight,
    double relL2,
    double snrGapDb,
    double encodeGbps,
    double decodeGbps,
    double accumulateGbps,
    double copyGbps,
    double encodeVsCopy,
    double encodeVsCopyLow,
    double encodeVsCopyHigh,
    double decodeVsCopy,
    double decodeVsCopyLow,
    double decodeVsCopyHigh,
    double decodeAndAddVsCopy,
    double decodeAndAddVsCopyLow,
    double decodeAndAddVsCopyHigh,
    double allocatedBytesPerOp,
    int forks) {}
