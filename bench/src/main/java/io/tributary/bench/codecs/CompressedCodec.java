package io.tributary.bench.codecs;

import com.github.luben.zstd.Zstd;
import io.tributary.codec.CodecId;
import io.tributary.codec.TensorCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FastDecompressor;

/**
 * A rival: a codec of the product with a general compressor behind it, as one would put them
 * together today. For one thread; trusts its own bytes.
 */
final class CompressedCodec implements TensorCodec {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int ZSTD_LEVEL = 1;

  private final CodecId id;
  private final TensorCodec codec;
  private final Compressor compressor;
  private byte[] plain = new byte[0];

  private CompressedCodec(CodecId id, TensorCodec codec, Compressor compressor) {
    this.id = id;
    this.codec = codec;
    this.compressor = compressor;
  }

  /** With zstd, level 1. */
  static CompressedCodec zstd(TensorCodec codec) {
    return new CompressedCodec(new CodecId(0xFF01, "zstd", 1, 1), codec, new ZstdCompressor());
  }

  /** With lz4, default level. */
  static CompressedCodec lz4(TensorCodec codec) {
    return new CompressedCodec(new CodecId(0xFF02, "lz4", 1, 1), codec, new Lz4());
  }

  @Override
  public CodecId id() {
    return id;
  }

  @Override
  public int blockElements() {
    return codec.blockElements();
  }

  @Override
  public int maxEncodedLength(int elements) {
    return Integer.BYTES + compressor.bound(codec.maxEncodedLength(elements));
  }

  @Override
  public int encode(float[] source, int from, int count, byte[] target, int at) {
    byte[] bytes = plain(codec.maxEncodedLength(count));
    int length = codec.encode(source, from, count, bytes, 0);
    INT.set(target, at, length);
    return Integer.BYTES + compressor.compress(bytes, length, target, at + Integer.BYTES);
  }

  @Override
  public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
    int plainLength = decompress(source, at, length);
    codec.decode(plain, 0, plainLength, count, target, from);
  }

  @Override
  public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
    int plainLength = decompress(source, at, length);
    codec.accumulate(plain, 0, plainLength, count, target, from);
  }

  private int decompress(byte[] source, int at, int length) {
    int plainLength = (int) INT.get(source, at);
    compressor.decompress(
        source, at + Integer.BYTES, length - Integer.BYTES, plain(plainLength), plainLength);
    return plainLength;
  }

  private byte[] plain(int length) {
    if (plain.length < length) {
      plain = new byte[length];
    }
    return plain;
  }

  private interface Compressor {
    int bound(int length);

    int compress(byte[] source, int length, byte[] target, int at);

    void decompress(byte[] source, int at, int length, byte[] target, int targetLength);
  }

  private static final class ZstdCompressor implements Compressor {
    @Override
    public int bound(int length) {
      return (int) Zstd.compressBound(length);
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
      return (int)
          Zstd.compressByteArray(
              target, at, target.length - at, source, 0, length, ZSTD_LEVEL, false);
    }

    @Override
    public void decompress(byte[] source, int at, int length, byte[] target, int targetLength) {
      Zstd.decompressByteArray(target, 0, targetLength, source, at, length);
    }
  }

  private static final class Lz4 implements Compressor {
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final LZ4FastDecompressor decompressor =
        LZ4Factory.fastestInstance().fastDecompressor();

    @Override
    public int bound(int length) {
      return compressor.maxCompressedLength(length);
    }

    @Override
    public int compress(byte[] source, int length, byte[] target, int at) {
      return compressor.compress(source, 0, length, target, at);
    }

    @Override
    public void decompress(byte[] source, int at, int length, byte[] target, int targetLength) {
      decompressor.decompress(source, at, target, 0, targetLength);
    }
  }
}
