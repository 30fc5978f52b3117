package io.tributary.coordinator.journal;

import io.tributary.error.ErrorCode;
import io.tributary.error.MalformedInputException;
import io.tributary.run.RunDocuments;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The journal of one run: {@link RunRecord}s in a {@link Journal}.
 *
 * <pre>
 * payload: | record type u8 | body |
 * body of a chunk: | participant u32 | fragment u32 | version u32 | index u32 | tensor u32 | first u32 | count u32 |
 *                  | codec u16 | codec format u8 | encoded bytes |                            (little endian)
 * body of all others: the record as JSON; they are few and small
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
public final class RunJournal implements Closeable {
  private static final byte SNAPSHOT = 1;
  private static final byte MEMBER = 2;
  private static final byte CHUNK = 3;
  private static final byte CONTRIBUTION = 4;
  private static final byte COMMIT = 5;
  private static final byte END = 6;

  private static final int TYPE_BYTES = 1;

  /** The bytes of a chunk record's payload before the encoded bytes. */
  public static final int CHUNK_HEADER_BYTES =
      TYPE_BYTES + 7 * Integer.BYTES + Short.BYTES + Byte.BYTES;

  private final Journal journal;
  private final Consumer<RunRecord> appended;
  private final ByteBuffer chunkHeader =
      ByteBuffer.allocate(CHUNK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private RunJournal(Journal journal, Consumer<RunRecord> appended) {
    this.journal = journal;
    this.appended = appended;
  }

  /** Opens or creates the journal in a folder and replays its records. */
  public static RunJournal open(Path folder, long segmentBytes, Consumer<RunRecord> replay) {
    return open(folder, segmentBytes, true, replay, record -> {});
  }

  /**
   * The same, perhaps without durability, and with somebody who hears of each record when it is in
   * its file: nothing that follows from the record has happened by then.
   */
  public static RunJournal open(
      Path folder,
      long segmentBytes,
      boolean durable,
      Consumer<RunRecord> replay,
      Consumer<RunRecord> appended) {
    return new RunJournal(
        Journal.open(
            folder,
            segmentBytes,
            durable,
            (position, payload) -> replay.accept(parse(position, payload))),
        appended);
  }

  /** Appends the head of a segment; {@link #rollIfFull} does it for every segment but the first. */
  public void append(RunRecord.Snapshot snapshot) {
    appendDocument(SNAPSHOT, snapshot);
  }

  /** Appends a new member. */
  public void append(RunRecord.Member member) {
    appendDocument(MEMBER, member);
  }

  /** Appends the end of a contribution. */
  public void append(RunRecord.Contribution contribution) {
    appendDocument(CONTRIBUTION, contribution);
  }

  /** Appends a commit. */
  public void append(RunRecord.Commit commit) {
    appendDocument(COMMIT, commit);
  }

  /** Appends the end of the run. */
  public void append(RunRecord.End end) {
    appendDocument(END, end);
  }

  /**
   * Appends a chunk with its encoded bytes.
   *
   * @param chunk the description; its position is ignored
   * @param encoded the bytes in as many parts as they come in; direct ones are written as they are
   * @return the description with the position where it lies
   */
  public RunRecord.Chunk append(RunRecord.Chunk chunk, ByteBuffer... encoded) {
    chunkHeader.clear();
    chunkHeader
        .put(CHUNK)
        .putInt(chunk.participant())
        .putInt(chunk.fragment())
        .putInt(chunk.version())
        .putInt(chunk.index())
        .putInt(chunk.tensor())
        .putInt(chunk.first())
        .putInt(chunk.count())
        .putShort((short) chunk.codec())
        .put((byte) chunk.codecVersion())
        .flip();
    var parts = new ByteBuffer[encoded.length + 1];
    parts[0] = chunkHeader;
    System.arraycopy(encoded, 0, parts, 1, encoded.length);
    RunRecord.Chunk placed = at(chunk, journal.append(parts));
    appended.accept(placed);
    return placed;
  }

  /** The encoded bytes of a chunk. */
  public ByteBuffer encoded(RunRecord.Chunk chunk) {
    return journal.read(chunk.payload()).position(CHUNK_HEADER_BYTES).slice();
  }

  /** Returns when everything appended so far is on the device. */
  public void force() {
    journal.force();
  }

  /** Begins a new segment with {@code head} if the current one is full. Returns whether it did. */
  public boolean rollIfFull(RunRecord.Snapshot head) {
    if (!journal.full()) {
      return false;
    }
    journal.force();
    journal.roll();
    append(head);
    journal.force();
    return true;
  }

  /**
   * Deletes the segments before the one that holds the given record, or before the current one if
   * there is none.
   */
  public void dropBefore(int segment) {
    journal.dropBefore(Math.min(segment, journal.currentSegment()));
  }

  @Override
  public void close() {
    journal.close();
  }

  private <T extends Record & RunRecord> void appendDocument(byte type, T document) {
    journal.append(
        ByteBuffer.wrap(new byte[] {type}), ByteBuffer.wrap(RunDocuments.toBytes(document)));
    appended.accept(document);
  }

  private static RunRecord parse(Journal.Position position, ByteBuffer payload) {
    byte type = payload.remaining() < TYPE_BYTES ? 0 : payload.get();
    return switch (type) {
      case SNAPSHOT -> document(payload, RunRecord.Snapshot.class);
      case MEMBER -> document(payload, RunRecord.Member.class);
      case CONTRIBUTION -> document(payload, RunRecord.Contribution.class);
      case COMMIT -> document(payload, RunRecord.Commit.class);
      case END -> document(payload, RunRecord.End.class);
      case CHUNK -> chunk(position, payload);
      default ->
          throw new MalformedInputException(
              ErrorCode.STORAGE,
              "journal segment " + position.segment(),
              position.offset(),
              "record type " + type);
    };
  }

  private static <T extends Record> T document(ByteBuffer payload, Class<T> type) {
    var bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return RunDocuments.fromBytes(bytes, type);
  }

  private static RunRecord chunk(Journal.Position position, ByteBuffer payload) {
    if (payload.remaining() < CHUNK_HEADER_BYTES - TYPE_BYTES) {
      throw new MalformedInputException(
          ErrorCode.STORAGE,
          "journal segment " + position.segment(),
          position.offset(),
          "a chunk record is too short");
    }
    return new RunRecord.Chunk(
        payload.getInt(),
        payload.getInt(),
        payload.getInt(),
        payload.getInt(),
        payload.getInt(),
        payload.getInt(),
        payload.getInt(),
        Short.toUnsignedInt(payload.getShort()),
        Byte.toUnsignedInt(payload.get()),
        position);
  }

  private static RunRecord.Chunk at(RunRecord.Chunk chunk, Journal.Position position) {
    return new RunRecord.Chunk(
        chunk.participant(),
        chunk.fragment(),
        chunk.version(),
        chunk.index(),
        chunk.tensor(),
        chunk.first(),
        chunk.count(),
        chunk.codec(),
        chunk.codecVersion(),
        position);
  }
}
