package io.tributary.codecs.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.codec.TensorCorpus;
import io.tributary.error.TributaryException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopkSizeTest {
  @Test
  void onePercentWithTwoBitsTakesLessThanASixthOfABit() {
    TensorCodec codec = new TopkProvider().create(Backend.SCALAR, "0.01-2b");
    assertThat(codec.bitsPerElement(1 << 16)).isBetween(0.148, 0.15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-2b", "0.0-2b", "1.5-2b", "0.01", "0.01-1b", "0.01-9b", "1%-2b"})
  void otherParametersAreRefused(String parameter) {
    assertThatThrownBy(() -> TopkLayout.parse(parameter))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining(parameter)
        .hasMessageContaining(TopkLayout.DEFAULT);
  }

  @Test
  void theLargestAreKeptWhateverTheirNumber() {
    for (int kept : new int[] {1, 40, 41, 42, 43, 85, 400, 1365, 1366, 4096}) {
      float[] values = TensorCorpus.Row.GAUSSIAN.values(TopkLayout.BLOCK);
      var decoded = new float[values.length];
      var codec = new TopkCodec(new TopkLayout(kept, 8), new TopkScalarKernel());
      var bytes = new byte[codec.maxEncodedLength(values.length)];
      int length = codec.encode(values, 0, values.length, bytes, 0);
      codec.decode(bytes, 0, length, decoded.length, decoded, 0);
      float[] sorted = values.clone();
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] = Math.abs(sorted[i]);
      }
      Arrays.sort(sorted);
      float smallest = sorted[sorted.length - kept];
      int found = 0;
      for (int i = 0; i < values.length; i++) {
        found += decoded[i] != 0 ? 1 : 0;
        assertThat(decoded[i] != 0).isEqualTo(Math.abs(values[i]) >= smallest);
      }
      assertThat(found).isEqualTo(kept);
    }
  }

  @Test
  void whatIsLeftOutComesWithErrorFeedback() {
    var session = CodecRegistry.load().session("topk:0.01-2b+ef", 1000);
    float[] values = TensorCorpus.Row.GAUSSIAN.values(1000);
    var sum = new float[1000];
    var bytes = new byte[session.codec().maxEncodedLength(1000)];
    int rounds = 400;
    for (int round = 0; round < rounds; round++) {
      int length = session.encode(0, values, 0, 1000, bytes, 0);
      session.codec().accumulate(bytes, 0, length, 1000, sum, 0);
    }
    for (int i = 0; i < 1000; i++) {
      assertThat((double) sum[i] / rounds).isBetween(values[i] - 0.5, values[i] + 0.5);
    }
  }
}
