package io.tributary.file.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The metadata of a file that is to be written, in the order in which they come. For one thread.
 *
 * <p>Each method adds an entry of one of the format's types and throws {@link
 * IllegalArgumentException} if there is one of that name.
 */
public final class GgufMetadata {
  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private final Set<String> keys = new HashSet<>();

  /** Begins without entries. */
  public GgufMetadata() {}

  private void begin(String key, int type) {
    if (!keys.add(key)) {
      throw new IllegalArgumentException(key + " is there already");
    }
    writeText(key);
    write32(type);
  }

  private void beginArray(String key, int type, int count) {
    begin(key, GgufHeader.ARRAY);
    write32(type);
    write64(count);
  }

  private void write32(int value) {
    entries.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void write64(long value) {
    entries.writeBytes(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private void writeText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write64(bytes.length);
    entries.writeBytes(bytes);
  }

  /** Adds a text. */
  public void text(String key, String value) {
    begin(key, GgufHeader.TEXT);
    writeText(value);
  }

  /** Adds a number from 0 on. */
  public void number(String key, int value) {
    begin(key, GgufHeader.UINT32);
    write32(value);
  }

  /** Adds a float32. */
  public void decimal(String key, float value) {
    begin(key, GgufHeader.FLOAT32);
    write32(Float.floatToRawIntBits(value));
  }

  /** Adds a truth. */
  public void truth(String key, boolean value) {
    begin(key, GgufHeader.TRUTH);
    entries.write(value ? 1 : 0);
  }

  /** Adds texts. */
  public void texts(String key, List<String> values) {
    beginArray(key, GgufHeader.TEXT, values.size());
    values.forEach(this::writeText);
  }

  /** Adds numbers with signs. */
  public void numbers(String key, int... values) {
    beginArray(key, GgufHeader.INT32, values.length);
    for (int value : values) {
      write32(value);
    }
  }

  /** Adds float32 numbers. */
  public void decimals(String key, float... values) {
    beginArray(key, GgufHeader.FLOAT32, values.length);
    for (float value : values) {
      write32(Float.floatToRawIntBits(value));
    }
  }

  /** Whether there is an entry of this name. */
  public boolean has(String key) {
    return keys.contains(key);
  }

  /** The number of entries. */
  public int count() {
    return keys.size();
  }

  /** The entries as they lie in a file. */
  public byte[] bytes() {
    return entries.toByteArray();
  }
}
