package io.tributary.codecs.amaq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.UnknownTableException;
import io.tributary.codecs.channelwise.ChannelTables;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AmaqTableTest {
  private static final byte[] WIDTHS = {2, 3, 4, 5, 8};

  private final ChannelTables known = new ChannelTables("amaq", 5);

  private void read(byte[] bytes) {
    AmaqTable.read(bytes, 0, bytes.length, 5, known);
  }

  @Test
  void bytesAreThoseOfTheDrawing() {
    assertThat(HexFormat.of().formatHex(AmaqTable.table(9, WIDTHS)))
        .startsWith("01050000" + "09000000")
        .endsWith("325408")
        .hasSize(2 * 15);
    assertThat(HexFormat.of().formatHex(AmaqTable.request(9))).isEqualTo("0300000009000000");
    byte[] before = new byte[100];
    java.util.Arrays.fill(before, (byte) 4);
    byte[] after = before.clone();
    after[66] = 3;
    assertThat(HexFormat.of().formatHex(AmaqTable.change(3, after, 2, before)))
        .startsWith("02640000" + "03000000" + "02000000")
        .endsWith("42000003")
        .hasSize(2 * 20);
  }

  @Test
  void tablesAndChangesAreRead() {
    read(AmaqTable.table(1, WIDTHS));
    assertThat(known.table(1)).isEqualTo(WIDTHS);
    byte[] next = {2, 3, 7, 5, 8};
    read(AmaqTable.change(2, next, 1, WIDTHS));
    assertThat(known.table(2)).isEqualTo(next);
  }

  @Test
  void theChangeOfAnUnknownTableIsRefused() {
    byte[] before = new byte[100];
    java.util.Arrays.fill(before, (byte) 4);
    byte[] after = before.clone();
    after[66] = 3;
    var tables = new ChannelTables("amaq", 100);
    byte[] change = AmaqTable.change(3, after, 2, before);
    assertThatThrownBy(() -> AmaqTable.read(change, 0, change.length, 100, tables))
        .isInstanceOfSatisfying(
            UnknownTableException.class,
            e -> {
              assertThat(e.version()).isEqualTo(2);
              assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TABLE);
            });
  }

  @Test
  void everyDamageIsNoticed() {
    byte[] table = AmaqTable.table(1, WIDTHS);
    for (int i = 0; i < table.length * 8; i++) {
      byte[] damaged = table.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      // Another version's number is a number like any other, and the last half byte is unused.
      if ((i / 8 >= 4 && i / 8 < 8) || (i / 8 == table.length - 1 && i % 8 >= 4)) {
        continue;
      }
      assertThatThrownBy(() -> read(damaged))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isIn(ErrorCode.CORRUPT_PAYLOAD, ErrorCode.UNKNOWN_TABLE));
    }
  }

  @Test
  void aVersionNeverChanges() {
    read(AmaqTable.table(1, WIDTHS));
    byte[] other = AmaqTable.table(1, new byte[] {2, 2, 2, 2, 2});
    assertThatThrownBy(() -> read(other)).hasMessageContaining("version 1 as it was before");
  }
}
