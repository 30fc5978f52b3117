package io.tributary.coordinator.outer;

import io.tributary.error.Errors;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.store.DurableFile;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a run's fragments: for each version the encoded change that led to it, and for some
 * the state (outer parameters, momentum, feedback of the down-link). What belongs to a version is
 * written beside what there is, and counts once the journal says so. The latest state is kept, and
 * the latest two changes, since an agent that returns may lack one.
 *
 * <p>Used by one thread at a time.
 */
public final class FragmentFiles {
  private static final DurableFile STATE = new DurableFile("TRBS", 1);
  private static final DurableFile CHANGE = new DurableFile("TRBC", 1);
  private static final int KEPT_CHANGES = 2;

  private final Path folder;
  private final boolean durable;

  /**
   * The files in a folder, which is created if absent.
   *
   * @param durable whether what is written is forced to the device
   */
  public FragmentFiles(Path folder, boolean durable) {
    this.folder = folder;
    this.durable = durable;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storage(folder, "can't create the folder", e);
    }
  }

  /** Writes the state of a version; returns when it is durable. */
  public void writeState(Fragment fragment, int version, DurableFile.BodyWriter state) {
    STATE.write(
        file("state", fragment.index(), version),
        out -> {
          out.writeInt(fragment.index());
          out.writeInt(version);
          state.write(out);
        },
        durable);
  }

  /** Takes what a state's writer has written. */
  @FunctionalInterface
  public interface StateReader {
    /** Reads all of it. */
    void read(DataInput in) throws IOException;
  }

  /** Reads the state of a version. */
  public void readState(Fragment fragment, int version, StateReader state) {
    var unused =
        STATE.read(
            file("state", fragment.index(), version),
            in -> {
              if (in.readInt() != fragment.index() || in.readInt() != version) {
                throw new IOException(
                    "it belongs to another fragment or version than its name says");
              }
              state.read(in);
              return version;
            });
  }

  /** The newest version whose state is here, or 0. */
  public int newestState(int fragment) {
    return states(fragment).stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Deletes the states of a fragment's versions that are older than this one. */
  public void dropStatesBefore(int fragment, int version) {
    states(fragment).stream().filter(v -> v < version).forEach(v -> dropState(fragment, v));
  }

  /**
   * Deletes the states of versions that never counted, durably: the version that comes to have the
   * number may be made of something else.
   */
  public void dropStatesAfter(int fragment, int version) {
    List<Integer> stray = states(fragment).stream().filter(v -> v > version).toList();
    stray.forEach(v -> dropState(fragment, v));
    if (!stray.isEmpty()) {
      DurableFile.forceFolder(folder);
    }
  }

  private void dropState(int fragment, int version) {
    delete(file("state", fragment, version));
  }

  private List<Integer> states(int fragment) {
    Pattern name = Pattern.compile("state-" + fragment + "-(\\d+)\\.bin");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> name.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(match -> Integer.parseInt(match.group(1)))
          .toList();
    } catch (IOException e) {
      throw Errors.storage(folder, "can't list", e);
    }
  }

  /** Where the state of a version lies, if it was written. */
  public Path stateFile(int fragment, int version) {
    return file("state", fragment, version);
  }

  /** Writes the encoded change that leads to a version; returns when it is durable. */
  public void writeChange(int fragment, int version, List<EncodedPart> parts) {
    CHANGE.write(
        file("change", fragment, version), out -> EncodedPart.writeAll(out, parts), durable);
  }

  /** Reads the encoded change that leads to a version. */
  public List<EncodedPart> readChange(int fragment, int version) {
    return CHANGE.read(file("change", fragment, version), EncodedPart::readAll);
  }

  /** Whether the change that leads to a version is still kept. */
  public boolean hasChange(int fragment, int version) {
    return Files.exists(file("change", fragment, version));
  }

  /**
   * Deletes the changes that are older than those kept for a fragment whose newest committed
   * version is {@code version}.
   */
  public void dropOldChanges(int fragment, int version) {
    int old = version - KEPT_CHANGES;
    while (old > 0 && delete(file("change", fragment, old))) {
      old--;
    }
  }

  private static boolean delete(Path file) {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't delete", e);
    }
  }

  private Path file(String kind, int fragment, int version) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%d-%06d.bin", kind, fragment, version));
  }
}
