package io.tributary.codec;

import io.tributary.error.Errors;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** A codec for tests that keeps whole numbers from -128 to 127, with back ends as told. */
final class TruncatingProvider implements CodecProvider {
  private final CodecId id;
  private final Map<Backend, String> unusable = new EnumMap<>(Backend.class);
  private final Map<Backend, String> discouraged = new EnumMap<>(Backend.class);

  /** A codec with all back ends, all of them usable. */
  TruncatingProvider(int number, String name) {
    this.id = new CodecId(number, name, 2, 1);
    for (Backend backend : Backend.values()) {
      unusable.put(backend, "");
    }
  }

  TruncatingProvider unusable(Backend backend, String reason) {
    unusable.put(backend, reason);
    return this;
  }

  TruncatingProvider discouraged(Backend backend, String reason) {
    discouraged.put(backend, reason);
    return this;
  }

  TruncatingProvider without(Backend backend) {
    unusable.remove(backend);
    return this;
  }

  @Override
  public CodecId id() {
    return id;
  }

  @Override
  public String description() {
    return "whole numbers";
  }

  @Override
  public Set<Backend> backends() {
    return unusable.keySet();
  }

  @Override
  public String unusableBecause(Backend backend) {
    return unusable.getOrDefault(backend, "");
  }

  @Override
  public String discouragedBecause(Backend backend) {
    return discouraged.getOrDefault(backend, "");
  }

  @Override
  public TensorCodec create(Backend backend, String parameter) {
    if (!parameter.isEmpty() && !parameter.equals("7")) {
      throw Errors.invalidSetting("parameter of " + id, parameter, "7");
    }
    return new TruncatingCodec(id, backend);
  }

  /** Knows which back end it was made for. */
  record TruncatingCodec(CodecId id, Backend backend) implements TensorCodec {
    @Override
    public int blockElements() {
      return 1;
    }

    @Override
    public int maxEncodedLength(int elements) {
      return elements;
    }

    @Override
    public int encode(float[] source, int from, int count, byte[] target, int at) {
      for (int i = 0; i < count; i++) {
        target[at + i] = (byte) source[from + i];
      }
      return count;
    }

    @Override
    public void decode(byte[] source, int at, int length, int count, float[] target, int from) {
      for (int i = 0; i < count; i++) {
        target[from + i] = source[at + i];
      }
    }

    @Override
    public void accumulate(byte[] source, int at, int length, int count, float[] target, int from) {
      for (int i = 0; i < count; i++) {
        target[from + i] += source[at + i];
      }
    }
  }
}
