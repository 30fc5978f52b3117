package io.tributary.bench.codecs;

import java.util.Locale;

/** The table's text, in the form of a Markdown table. */
final class CodecTable {
  static final String HEAD =
      "| codec | back end | set | size | threads | bits | rel. L2 | gap dB | encode GB/s | decode"
          + " GB/s | add GB/s | copy GB/s | encode/copy | decode/copy | add/copy | B/op |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

  private CodecTable() {}

  static String line(CodecRow row) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %d | %.2f | %.3g | %.1f | %.1f | %.1f | %.1f | %.1f"
            + " | %.2f [%.2f-%.2f] | %.2f [%.2f-%.2f] | %.2f [%.2f-%.2f] | %.0f |",
        row.codec(),
        row.backend(),
        row.set(),
        row.size(),
        row.threads(),
        row.bitsPerWeight(),
        row.relL2(),
        row.snrGapDb(),
        row.encodeGbps(),
        row.decodeGbps(),
        row.accumulateGbps(),
        row.copyGbps(),
        row.encodeVsCopy(),
        row.encodeVsCopyLow(),
        row.encodeVsCopyHigh(),
        row.decodeVsCopy(),
        row.decodeVsCopyLow(),
        row.decodeVsCopyHigh(),
        row.decodeAndAddVsCopy(),
        row.decodeAndAddVsCopyLow(),
        row.decodeAndAddVsCopyHigh(),
        row.allocatedBytesPerOp());
  }
}
