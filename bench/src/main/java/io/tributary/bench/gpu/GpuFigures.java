package io.tributary.bench.gpu;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What {@code bench gpu} found.
 *
 * @param device the OpenCL device
 * @param deviceCopyGbps bytes that a copy on the device reads and writes, in 10^9 a second
 * @param hostCopyGbps float32 bytes that {@code System.arraycopy} copies, in 10^9 a second
 * @param rows one for each codec and direction, two for the sketches' update, and one for each pass
 *     of a codec across a cut
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record GpuFigures(String device, double deviceCopyGbps, double hostCopyGbps, List<Row> rows) {
  /**
   * A codec in one direction.
   *
   * @param direction {@code encode}, {@code decode}, or {@code add} for decoding and adding; of
   *     {@code sketch} it is {@code update} and the number of vectors; across a cut {@code range},
   *     {@code pack}, {@code unpack} or {@code slopes}
   * @param values the values of one call
   * @param deviceGbps float32 bytes with all data on the device, in 10^9 a second
   * @param deviceVsCopy bytes read and written a second, as a share of what a copy moves
   * @param hostGbps float32 bytes from array to array, in 10^9 a second
   * @param hostVsCopy the same as a share of {@code System.arraycopy}
   * @param checked values compared with the scalar definition
   * @param mismatches differing bytes (encode, pack), values (decode, unpack), sums (add, update,
   *     slopes) or moments (range)
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Row(
      String codec,
      String direction,
      int values,
      double deviceGbps,
      double deviceVsCopy,
      double hostGbps,
      double hostVsCopy,
      long checked,
      long mismatches) {}
}
