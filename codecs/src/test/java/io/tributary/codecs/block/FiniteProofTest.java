package io.tributary.codecs.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.codec.TensorCorpus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary values are known to be finite without being decoded; those near the largest aren't. */
class FiniteProofTest {
  private static final CodecRegistry CODECS = CodecRegistry.load();

  @ParameterizedTest
  @ValueSource(strings = {"raw32", "int8block", "int4block", "int2block", "int4wh", "e3m0"})
  void ordinaryValuesNeedNoDecoding(String name) {
    TensorCodec codec = CODECS.codec(CodecChoice.parse(name));
    assertThat(proven(codec, TensorCorpus.Row.GAUSSIAN)).isTrue();
    assertThat(proven(codec, TensorCorpus.Row.ZEROS)).isTrue();
    assertThat(proven(codec, TensorCorpus.Row.LARGEST_FLOATS)).isEqualTo(name.equals("raw32"));
  }

  private static boolean proven(TensorCodec codec, TensorCorpus.Row row) {
    float[] values = row.values(1000);
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, bytes, 0);
    return codec.provesFinite(bytes, 0, length, values.length);
  }
}
