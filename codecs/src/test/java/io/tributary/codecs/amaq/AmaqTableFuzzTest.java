package io.tributary.codecs.amaq;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;

class AmaqTableFuzzTest {
  private static final byte[] WIDTHS = {2, 3, 4, 5, 8};

  @FuzzTest(maxDuration = "5m")
  void onlyDeclaredErrorsLeave(byte[] input) {
    var tables = new ChannelTables("amaq", 5);
    tables.put(1, WIDTHS);
    try {
      AmaqTable.read(input, 0, input.length, 5, tables);
    } catch (TributaryException e) {
      assertThat(e.code()).isIn(ErrorCode.CORRUPT_PAYLOAD, ErrorCode.UNKNOWN_TABLE);
    }
  }
}
