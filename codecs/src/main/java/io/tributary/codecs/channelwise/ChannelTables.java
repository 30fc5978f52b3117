package io.tributary.codecs.channelwise;

import io.tributary.codec.UnknownTableException;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest tables of one end of a cut, by version; what a table holds is the codec's business.
 * Belongs to one thread.
 */
public final class ChannelTables {
  /** Messages under way may need tables that are not the newest. */
  public static final int KEPT = 64;

  private final String codec;
  private final int length;
  private final TreeMap<Integer, byte[]> byVersion = new TreeMap<>();

  /**
   * No tables.
   *
   * @param codec whose tables they are, for messages
   * @param length bytes of each
   */
  public ChannelTables(String codec, int length) {
    this.codec = codec;
    this.length = length;
  }

  /** Adds a version, and gives up the oldest if there are many. */
  public void put(int version, byte[] table) {
    byVersion.put(version, table.clone());
    if (byVersion.size() > KEPT) {
      byVersion.pollFirstEntry();
    }
  }

  /** A version, or null; not to be changed. */
  public byte @Nullable [] find(int version) {
    return byVersion.get(version);
  }

  /**
   * A version; not to be changed.
   *
   * @throws UnknownTableException if it isn't here
   */
  public byte[] table(int version) {
    byte[] table = byVersion.get(version);
    if (table == null) {
      throw new UnknownTableException(codec, version, byVersion.keySet().toString());
    }
    return table;
  }

  /** Writes all versions. */
  public void save(DataOutput out) throws IOException {
    out.writeInt(byVersion.size());
    for (var entry : byVersion.entrySet()) {
      out.writeInt(entry.getKey());
      out.write(entry.getValue());
    }
  }

  /** Replaces all versions by saved ones. */
  public void restore(DataInput in) throws IOException {
    byVersion.clear();
    int tables = in.readInt();
    for (int i = 0; i < tables; i++) {
      int version = in.readInt();
      var table = new byte[length];
      in.readFully(table);
      byVersion.put(version, table);
    }
  }
}
