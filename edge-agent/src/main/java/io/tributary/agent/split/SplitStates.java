package io.tributary.agent.split;

import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.run.RunDocuments;
import io.tributary.store.DataFolder;
import io.tributary.store.DurableFile;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one end of a cut keeps in its folder: its states at the server's last two steps that were
 * kept, a file each.
 *
 * <p>Belongs to one thread at a time.
 */
final class SplitStates implements AutoCloseable {
  private static final DurableFile FILE = new DurableFile("TSPL", 1);
  private static final String SUFFIX = ".state";
  private static final int KEPT = 2;

  private final DataFolder folder;

  /** By the server's step. */
  private final TreeMap<Integer, KeptState> kept = new TreeMap<>();

  /** What a file begins with. */
  private record Head(KeptState state, String terms) {}

  /**
   * Opens a folder, creating it if absent.
   *
   * @throws TributaryException {@code STORAGE} if it can't be used or a file in it is damaged
   */
  SplitStates(Path path) {
    folder = DataFolder.open(path);
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        KeptState state = FILE.readBeginning(file, SplitStates::readHead).state();
        if (!file.equals(file(state.step()))) {
          throw new TributaryException(
              ErrorCode.STORAGE, file + ": expected the state of its name, found " + state);
        }
        kept.put(state.step(), state);
      }
    } catch (IOException e) {
      close();
      throw Errors.storage(path, "can't list the data folder", e);
    } catch (TributaryException e) {
      close();
      throw e;
    }
  }

  /** The states that are here, the oldest first. */
  List<KeptState> all() {
    return List.copyOf(kept.values());
  }

  /**
   * Checks that what is here came of the same terms.
   *
   * @throws TributaryException {@code OTHER_RUN} if not
   */
  void check(SplitTerms terms) {
    for (KeptState state : kept.values()) {
      String found = FILE.readBeginning(file(state.step()), SplitStates::readHead).terms();
      if (!found.equals(text(terms))) {
        throw new TributaryException(
            ErrorCode.OTHER_RUN,
            "data folder "
                + folder.path()
                + ": expected the state of a run with the terms "
                + text(terms)
                + ", found "
                + found
                + "; give another folder");
      }
    }
  }

  /** Keeps a state, and no more than the one before it besides. */
  void keep(KeptState state, SplitTerms terms, DurableFile.BodyWriter body) {
    FILE.write(
        file(state.step()),
        out -> {
          out.writeInt(state.step());
          out.writeLong(state.branch());
          writeBytes(out, RunDocuments.toBytes(terms));
          body.write(out);
        });
    kept.put(state.step(), state);
    while (kept.size() > KEPT) {
      delete(kept.firstKey());
    }
  }

  /**
   * Reads a state; those of later steps are deleted, as the run goes another way from here.
   *
   * @throws TributaryException {@code STORAGE} if the file is damaged
   */
  <T> T goBackTo(KeptState state, DurableFile.BodyReader<T> body) {
    T found =
        FILE.read(
            file(state.step()),
            in -> {
              readHead(in);
              return body.read(in);
            });
    for (int later : new ArrayList<>(kept.tailMap(state.step(), false).keySet())) {
      delete(later);
    }
    return found;
  }

  /** Writes bytes with their number. */
  static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads what {@link #writeBytes} wrote. */
  static byte[] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      throw new TributaryException(
          ErrorCode.STORAGE, "state of a cut model: expected a length, found " + length);
    }
    var bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static Head readHead(DataInput in) throws IOException {
    var state = new KeptState(in.readInt(), in.readLong());
    return new Head(state, new String(readBytes(in), StandardCharsets.UTF_8));
  }

  private static String text(SplitTerms terms) {
    return new String(RunDocuments.toBytes(terms), StandardCharsets.UTF_8);
  }

  private Path file(int step) {
    return folder.path().resolve(String.format(java.util.Locale.ROOT, "step-%08d%s", step, SUFFIX));
  }

  private void delete(int step) {
    kept.remove(step);
    try {
      Files.deleteIfExists(file(step));
    } catch (IOException e) {
      throw Errors.storage(file(step), "can't delete a state that is out of date", e);
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
