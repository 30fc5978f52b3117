package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecContractTest;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.FloatBits;
import io.tributary.codec.TensorCodec;
import io.tributary.error.TributaryException;
import java.util.Arrays;

/**
 * What a fuzz test does with an input: the first two bytes are the number of values, little endian,
 * the others are the payload. Scalar and SIMD must agree on the floats, or on the error.
 */
public final class DecoderFuzz {
  private DecoderFuzz() {}

  /** Decodes an input in every way that the processor has. */
  public static void decode(CodecProvider provider, byte[] input) {
    if (input.length < 2) {
      return;
    }
    int count = (input[0] & 0xFF) | (input[1] & 0xFF) << 8;
    byte[] payload = Arrays.copyOfRange(input, 2, input.length);
    TensorCodec scalar = provider.create(Backend.SCALAR, "");
    CodecContractTest.decodeTwiceOrCorrupt(scalar, payload, count);
    if (provider.backends().contains(Backend.SIMD)
        && provider.unusableBecause(Backend.SIMD).isEmpty()) {
      TensorCodec simd = provider.create(Backend.SIMD, "");
      var expected = new float[count];
      var actual = new float[count];
      assertThat(outcome(simd, payload, actual)).isEqualTo(outcome(scalar, payload, expected));
      FloatBits.assertSame("decoded by SIMD", actual, expected);
    }
  }

  private static String outcome(TensorCodec codec, byte[] payload, float[] target) {
    try {
      codec.decode(payload, 0, payload.length, target.length, target, 0);
      return "decoded";
    } catch (TributaryException e) {
      return e.code() + " " + e.getMessage();
    }
  }
}
