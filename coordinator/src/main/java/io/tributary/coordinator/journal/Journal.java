package io.tributary.coordinator.journal;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.error.UnsupportedFormatException;
import io.tributary.store.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only sequence of records in segment files.
 *
 * <pre>
 * segment: | magic "TRBJ" u32 | format u32 | first sequence u64 |  then records   (little endian)
 * record:  | length u32 | crc32c u32 | sequence u64 | payload, length bytes |
 * </pre>
 *
 * The checksum covers sequence and payload; sequences count by one. A record that was being written
 * when the process ended is a torn tail: {@link #open} cuts it off. A broken record with a whole
 * one behind it is damage, and open refuses it, because what was acknowledged would be lost
 * silently.
 *
 * <p>Segments are written over the files of dropped ones ({@link SpareSegments}). What a file held
 * before has lower sequences, so that behind the last record it counts as torn.
 *
 * <p>Used by one thread at a time.
 */
public final class Journal implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MAGIC = 0x4A425254; // "TRBJ"
  private static final int FORMAT = 1;
  private static final int SEGMENT_HEADER_BYTES = 16;
  private static final int LENGTH_OFFSET = 0;
  private static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int SEQUENCE_OFFSET = CRC_OFFSET + Integer.BYTES;
  private static final int RECORD_HEADER_BYTES = SEQUENCE_OFFSET + Long.BYTES;

  /** The longest payload of a record. */
  public static final int MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

  /** As many bytes at a time are searched for a record. */
  private static final int WINDOW_BYTES = 1 << 20;

  /**
   * Where a record lies.
   *
   * @param segment the segment's number
   * @param offset of the record's header in the segment, in bytes
   * @param length of the payload, in bytes
   */
  public record Position(int segment, long offset, int length) {}

  /** Receives each record of an opened journal, in order. */
  @FunctionalInterface
  public interface Visitor {
    /** One record; the payload is valid during the call. */
    void visit(Position position, ByteBuffer payload);
  }

  private final Path folder;
  private final long segmentBytes;
  private final boolean durable;
  private final SpareSegments spares;
  private final TreeMap<Integer, FileChannel> segments = new TreeMap<>();
  private final ByteBuffer header =
      ByteBuffer.allocate(RECORD_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private @Nullable TributaryException failure;
  private long nextSequence = 1;
  private long end;

  private Journal(Path folder, long segmentBytes, boolean durable) throws IOException {
    this.folder = folder;
    spares = new SpareSegments(folder);
    this.segmentBytes = segmentBytes;
    this.durable = durable;
  }

  /**
   * Opens the journal in a folder, creating both if absent, and replays all its records.
   *
   * @param segmentBytes a segment that has grown to this is followed by a new one
   * @throws MalformedInputException {@code STORAGE} if a record other than the last is broken
   */
  public static Journal open(Path folder, long segmentBytes, Visitor visitor) {
    return open(folder, segmentBytes, true, visitor);
  }

  /**
   * The same, perhaps without durability: {@link #force} then does nothing, and what was appended
   * survives the end of the process alone.
   */
  public static Journal open(Path folder, long segmentBytes, boolean durable, Visitor visitor) {
    Journal journal;
    try {
      Files.createDirectories(folder);
      journal = new Journal(folder, segmentBytes, durable);
    } catch (IOException e) {
      throw Errors.storage(folder, "can't make the journal's folder", e);
    }
    try {
      List<Path> files;
      try (Stream<Path> entries = Files.list(folder)) {
        files =
            entries
                .filter(f -> f.getFileName().toString().matches("segment-\\d{8}\\.log"))
                .sorted()
                .toList();
      }
      for (int i = 0; i < files.size(); i++) {
        journal.replay(files.get(i), i == files.size() - 1, visitor);
      }
      if (journal.segments.isEmpty()) {
        journal.roll();
      }
      return journal;
    } catch (IOException | UncheckedIOException e) {
      journal.close();
      throw Errors.storage(folder, "can't open the journal in", e);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /**
   * Whether the current segment is full, so that the next {@link #roll} should come before the next
   * record.
   */
  public boolean full() {
    return end >= segmentBytes;
  }

  /**
   * Begins a new segment; what is needed from earlier ones is for the caller to append again.
   * Returns its number.
   */
  public int roll() {
    int number = segments.isEmpty() ? 1 : segments.lastKey() + 1;
    Path file = file(number);
    try {
      checkUsable();
      endSegment();
      segments.put(number, beginSegment(file));
      end = SEGMENT_HEADER_BYTES;
      return number;
    } catch (IOException e) {
      throw failed(file, "can't begin the journal segment", e);
    }
  }

  /** Only the last segment may have a torn tail, which what its file held before would be. */
  private void endSegment() throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    FileChannel last = channel(segments.lastKey());
    if (last.size() > end) {
      last.truncate(end);
      force(last, true);
    }
  }

  private FileChannel beginSegment(Path file) throws IOException {
    Path spare = spares.take();
    Path written = spare == null ? file : spare;
    if (spare != null) {
      forceFolder(); // while the device knows the file by its former name, nothing is written to it
    }
    FileChannel channel =
        FileChannel.open(
            written,
            spare == null ? StandardOpenOption.CREATE_NEW : StandardOpenOption.WRITE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer head = ByteBuffer.allocate(SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      head.putInt(MAGIC).putInt(FORMAT).putLong(nextSequence).flip();
      writeFully(channel, new ByteBuffer[] {head}, 0);
      if (spare != null) {
        force(channel, false);
        Files.move(spare, file);
      }
      forceFolder();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return channel;
  }

  private void force(FileChannel channel, boolean size) throws IOException {
    if (durable) {
      channel.force(size);
    }
  }

  private void forceFolder() {
    if (durable) {
      DurableFile.forceFolder(folder);
    }
  }

  /**
   * Appends one record whose payload is the remaining bytes of {@code parts} in order. It is
   * durable after {@link #force}.
   */
  public Position append(ByteBuffer... parts) {
    int length = 0;
    for (ByteBuffer part : parts) {
      length = Math.addExact(length, part.remaining());
    }
    if (length > MAX_PAYLOAD_BYTES) {
      throw new MalformedInputException(
          ErrorCode.LIMIT_EXCEEDED,
          "journal record",
          length,
          "expected at most " + MAX_PAYLOAD_BYTES + " bytes");
    }
    header.clear();
    header.putInt(LENGTH_OFFSET, length).putLong(SEQUENCE_OFFSET, nextSequence);
    crc.reset();
    crc.update(header.slice(SEQUENCE_OFFSET, Long.BYTES));
    for (ByteBuffer part : parts) {
      crc.update(part.duplicate());
    }
    header.putInt(CRC_OFFSET, (int) crc.getValue());
    var all = new ByteBuffer[parts.length + 1];
    all[0] = header;
    System.arraycopy(parts, 0, all, 1, parts.length);
    checkUsable();
    int segment = segments.lastKey();
    try {
      writeFully(channel(segment), all, end);
    } catch (IOException e) {
      throw failed(file(segment), "can't append to the journal", e);
    }
    var position = new Position(segment, end, length);
    end += RECORD_HEADER_BYTES + length;
    nextSequence++;
    return position;
  }

  /** Returns when everything appended so far is on the device. */
  public void force() {
    checkUsable();
    int segment = segments.lastKey();
    try {
      force(channel(segment), false);
    } catch (IOException e) {
      throw failed(file(segment), "can't force the journal", e);
    }
  }

  /**
   * After one failure nothing more is written: what a device holds whose force has failed nobody
   * knows, and the next process finds out by reading it.
   */
  private void checkUsable() {
    if (failure != null) {
      throw failure;
    }
  }

  private TributaryException failed(Path file, String what, IOException cause) {
    TributaryException failed = Errors.storage(file, what, cause);
    failure = failed;
    return failed;
  }

  /** Reads a record's payload again and checks it. */
  public ByteBuffer read(Position position) {
    try {
      ByteBuffer record =
          ByteBuffer.allocate(RECORD_HEADER_BYTES + position.length())
              .order(ByteOrder.LITTLE_ENDIAN);
      readFully(channel(position.segment()), record, position.offset());
      if (record.getInt(LENGTH_OFFSET) != position.length() || !intact(record)) {
        throw damaged(
            file(position.segment()), position.offset(), "the record changed since it was written");
      }
      return record.position(RECORD_HEADER_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw Errors.storage(file(position.segment()), "can't read the journal", e);
    }
  }

  /** Lets go of the segments before the given one. */
  public void dropBefore(int segment) {
    var old = segments.headMap(segment);
    for (int number : List.copyOf(old.keySet())) {
      try {
        channel(number).close();
        spares.add(file(number));
        old.remove(number);
      } catch (IOException e) {
        throw Errors.storage(file(number), "can't let go of the journal segment", e);
      }
    }
  }

  /** The number of the segment that is written at present. */
  public int currentSegment() {
    return segments.lastKey();
  }

  @Override
  public void close() {
    failure = new TributaryException(ErrorCode.STORAGE, "the journal in " + folder + " is closed");
    var failures = new ArrayList<IOException>();
    for (FileChannel channel : segments.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    segments.clear();
    if (!failures.isEmpty()) {
      throw Errors.storage(folder, "can't close the journal in", failures.get(0));
    }
  }

  private void replay(Path file, boolean last, Visitor visitor) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    int number = Integer.parseInt(file.getFileName().toString().substring(8, 16));
    segments.put(number, channel);
    long size = channel.size();
    if (last && size < SEGMENT_HEADER_BYTES) {
      // The process ended while it began this segment; nothing in it was acknowledged.
      segments.remove(number);
      channel.close();
      Files.delete(file);
      end = segments.isEmpty() ? 0 : channel(segments.lastKey()).size();
      return;
    }
    checkSegmentHeader(file, channel, size);
    long at = SEGMENT_HEADER_BYTES;
    while (at < size) {
      ByteBuffer record = recordAt(channel, at, size);
      if (record == null) {
        if (!last || followedByRecord(channel, at, size)) {
          throw damaged(
              file, at, "a broken record with whole ones behind it; restore the file from a copy");
        }
        LOG.info(
            "{}: cut {} bytes at byte {}: what was being written when the process ended, or what"
                + " the file held before",
            file,
            size - at,
            at);
        channel.truncate(at);
        channel.force(true);
        break;
      }
      int length = record.getInt(LENGTH_OFFSET);
      ByteBuffer payload =
          record.position(RECORD_HEADER_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
      visitor.visit(new Position(number, at, length), payload);
      nextSequence++;
      at += RECORD_HEADER_BYTES + length;
    }
    end = at;
  }

  private void checkSegmentHeader(Path file, FileChannel channel, long size) throws IOException {
    if (size < SEGMENT_HEADER_BYTES) {
      throw damaged(file, size, "expected a segment header of " + SEGMENT_HEADER_BYTES + " bytes");
    }
    ByteBuffer head = ByteBuffer.allocate(SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, head, 0);
    if (head.getInt(0) != MAGIC) {
      throw damaged(file, 0, "expected the magic TRBJ of a journal segment");
    }
    int format = head.getInt(4);
    if (format != FORMAT) {
      throw UnsupportedFormatException.version("journal " + file, format, format, FORMAT, FORMAT);
    }
    long first = head.getLong(8);
    if (segments.size() == 1) {
      nextSequence = first;
    } else if (first != nextSequence) {
      throw damaged(file, 8, "expected the first sequence " + nextSequence + ", found " + first);
    }
  }

  /** The whole record at an offset if it is intact and next in sequence, else null. */
  private @Nullable ByteBuffer recordAt(FileChannel channel, long at, long size)
      throws IOException {
    ByteBuffer record = wholeRecordAt(channel, at, size);
    return record != null && record.getLong(SEQUENCE_OFFSET) == nextSequence ? record : null;
  }

  /** The whole record at an offset if it is intact, else null. */
  private @Nullable ByteBuffer wholeRecordAt(FileChannel channel, long at, long size)
      throws IOException {
    if (size - at < RECORD_HEADER_BYTES) {
      return null;
    }
    ByteBuffer head = ByteBuffer.allocate(RECORD_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, head, at);
    int length = head.getInt(LENGTH_OFFSET);
    if (length < 0 || length > MAX_PAYLOAD_BYTES || length > size - at - RECORD_HEADER_BYTES) {
      return null;
    }
    ByteBuffer record =
        ByteBuffer.allocate(RECORD_HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, record, at);
    return intact(record) ? record : null;
  }

  /** Whether an intact record of a later sequence lies anywhere behind a broken one. */
  private boolean followedByRecord(FileChannel channel, long broken, long size) throws IOException {
    long until = Math.min(size, broken + 2L * MAX_PAYLOAD_BYTES);
    ByteBuffer window =
        ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, until - broken))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long from = broken + 1; until - from >= RECORD_HEADER_BYTES; ) {
      window.clear().limit((int) Math.min(window.capacity(), until - from));
      readFully(channel, window, from);
      int places = window.limit() - RECORD_HEADER_BYTES + 1;
      for (int at = 0; at < places; at++) {
        long sequence = window.getLong(at + SEQUENCE_OFFSET);
        if (sequence > nextSequence
            && sequence < nextSequence + until - broken
            && wholeRecordAt(channel, from + at, until) != null) {
          return true;
        }
      }
      from += places;
    }
    return false;
  }

  private boolean intact(ByteBuffer record) {
    crc.reset();
    crc.update(record.slice(SEQUENCE_OFFSET, record.capacity() - SEQUENCE_OFFSET));
    return record.getInt(CRC_OFFSET) == (int) crc.getValue();
  }

  private FileChannel channel(int segment) {
    FileChannel channel = segments.get(segment);
    if (channel == null) {
      throw new IllegalStateException("segment " + segment + " of " + folder + " is gone");
    }
    return channel;
  }

  private Path file(int number) {
    return folder.resolve(String.format(Locale.ROOT, "segment-%08d.log", number));
  }

  private static void writeFully(FileChannel channel, ByteBuffer[] parts, long at)
      throws IOException {
    channel.position(at);
    long remaining = 0;
    for (ByteBuffer part : parts) {
      remaining += part.remaining();
    }
    while (remaining > 0) {
      remaining -= channel.write(parts);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into, at + into.position());
      if (read < 0) {
        throw new java.io.EOFException(
            "expected " + into.remaining() + " more bytes at " + (at + into.position()));
      }
    }
    into.rewind();
  }

  private static MalformedInputException damaged(Path file, long offset, String expectation) {
    return new MalformedInputException(ErrorCode.STORAGE, "journal " + file, offset, expectation);
  }
}
