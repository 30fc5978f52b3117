package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.util.Arrays;

/**
 * What a fuzz test of a codec across a cut does with an input: the first byte says to which end and
 * for what it goes, the others are the message.
 */
public final class LearnedPeerFuzz {
  private static final LearnedCodecs CODECS = LearnedCodecs.load(CodecRegistry.load());
  private static final int CHANNELS = 5;
  private static final int ROWS = 70;

  private LearnedPeerFuzz() {}

  /** Sends an input to an end of codec {@code name} that has begun as a user's does. */
  public static void send(String name, byte[] input) {
    if (input.length == 0) {
      return;
    }
    var plan = new CutPlan(CHANNELS, ROWS, 3, 6, 100, 1);
    LearnedCodec owner = CODECS.open(name, plan);
    LearnedPeer peer = CODECS.openPeer(name, plan);
    byte[] table = owner.takeTable();
    if (table.length > 0) {
      peer.acceptTable(table, 0, table.length);
    }
    var values = new float[ROWS * CHANNELS];
    try {
      switch (input[0] & 3) {
        case 0 -> peer.acceptTable(input, 1, input.length - 1);
        case 1 -> owner.answer(Arrays.copyOfRange(input, 1, input.length));
        case 2 ->
            owner.decodeGradient(CutRows.ordinary(0, ROWS), input, 1, input.length - 1, values, 0);
        default -> {
          CutRows rows = peer.decode(input, 1, input.length - 1, values, 0);
          assertThat(rows.count()).isBetween(0, ROWS);
        }
      }
    } catch (TributaryException e) {
      assertThat(e.code())
          .isIn(
              ErrorCode.CORRUPT_PAYLOAD,
              ErrorCode.UNKNOWN_TABLE,
              ErrorCode.WRONG_VERSION,
              ErrorCode.LIMIT_EXCEEDED);
    }
    for (float value : values) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo(Float.MAX_VALUE);
    }
  }
}
