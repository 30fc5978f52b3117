package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.Backend;
import io.tributary.codec.CodecProvider;
import io.tributary.codec.FloatBits;
import io.tributary.codec.TensorCodec;
import java.util.HexFormat;

/** Payloads typed by hand as hex, with spaces where they help. */
public final class CodecBytes {
  private final TensorCodec codec;

  private CodecBytes(TensorCodec codec) {
    this.codec = codec;
  }

  /** The scalar codec of a provider. */
  public static CodecBytes of(CodecProvider provider, String parameter) {
    return new CodecBytes(provider.create(Backend.SCALAR, parameter));
  }

  /** Fails unless the values are encoded as the bytes. */
  public CodecBytes encodes(String hex, float... values) {
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, bytes, 0);
    assertThat(HexFormat.of().formatHex(bytes, 0, length)).isEqualTo(hex.replace(" ", ""));
    return this;
  }

  /** Fails unless the bytes are decoded to the values. */
  public CodecBytes decodes(String hex, float... values) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    var decoded = new float[values.length];
    codec.decode(bytes, 0, bytes.length, decoded.length, decoded, 0);
    FloatBits.assertSame(hex, decoded, values);
    return this;
  }
}
