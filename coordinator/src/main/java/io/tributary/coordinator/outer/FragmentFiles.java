package io.tributary.coordinator.outer;

import io.tributary.error.Errors;
import io.tributary.run.EncodedPart;
import io.tributary.run.Fragment;
import io.tributary.store.DurableFile;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a run's fragments: for each version the encoded change that led to it, and for some
 * the state (outer parameters, momentum, feedback of the down-link). What belongs to a version is
 * written beside what there is, and counts once the journal says so. The latest state is kept, and
 * the latest two changes, since an agent that returns may lack one. The file of one that is let go
 * of is kept as a spare, and the next of its kind is written over it.
 *
 * <p>Used by one thread at a time.
 */
public final class FragmentFiles {
  private static final DurableFile STATE_FORMAT = new DurableFile("TRBS", 1);
  private static final DurableFile CHANGE_FORMAT = new DurableFile("TRBC", 1);
  private static final String STATE = "state";
  private static final String CHANGE = "change";
  private static final int KEPT_CHANGES = 2;

  private final Path folder;
  private final boolean durable;

  /** Whether the device may still know a spare by its former name. */
  private boolean namesUnforced = true;

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
    write(
        STATE_FORMAT,
        STATE,
        fragment.index(),
        version,
        out -> {
          out.writeInt(fragment.index());
          out.writeInt(version);
          state.write(out);
        });
  }

  private void write(
      DurableFile format, String kind, int fragment, int version, DurableFile.BodyWriter body) {
    if (durable && namesUnforced) {
      DurableFile.forceFolder(folder);
      namesUnforced = false;
    }
    format.writeOver(spare(kind), file(kind, fragment, version), body, durable);
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
        STATE_FORMAT.read(
            file(STATE, fragment.index(), version),
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

  /** Lets go of the states of a fragment's versions that are older than this one. */
  public void dropStatesBefore(int fragment, int version) {
    for (int old : states(fragment)) {
      if (old < version) {
        var unused = retire(STATE, fragment, old);
      }
    }
  }

  /**
   * Deletes the states of versions that never counted, durably: the version that comes to have the
   * number may be made of something else.
   */
  public void dropStatesAfter(int fragment, int version) {
    List<Integer> stray = states(fragment).stream().filter(v -> v > version).toList();
    stray.forEach(v -> delete(file(STATE, fragment, v)));
    if (!stray.isEmpty()) {
      DurableFile.forceFolder(folder);
    }
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
    return file(STATE, fragment, version);
  }

  /** Writes the encoded change that leads to a version; returns when it is durable. */
  public void writeChange(int fragment, int version, List<EncodedPart> parts) {
    write(CHANGE_FORMAT, CHANGE, fragment, version, out -> EncodedPart.writeAll(out, parts));
  }

  /** Reads the encoded change that leads to a version. */
  public List<EncodedPart> readChange(int fragment, int version) {
    return CHANGE_FORMAT.read(file(CHANGE, fragment, version), EncodedPart::readAll);
  }

  /** Whether the change that leads to a version is still kept. */
  public boolean hasChange(int fragment, int version) {
    return Files.exists(file(CHANGE, fragment, version));
  }

  /**
   * Lets go of the changes that are older than those kept for a fragment whose newest committed
   * version is {@code version}.
   */
  public void dropOldChanges(int fragment, int version) {
    int old = version - KEPT_CHANGES;
    while (old > 0 && retire(CHANGE, fragment, old)) {
      old--;
    }
  }

  /** Makes the file of a version the spare of its kind; whether there was one. */
  private boolean retire(String kind, int fragment, int version) {
    Path file = file(kind, fragment, version);
    try {
      Files.move(
          file, spare(kind), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      namesUnforced = true;
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw Errors.storage(file, "can't let go of", e);
    }
  }

  private Path spare(String kind) {
    return folder.resolve(kind + ".spare");
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw Errors.storage(file, "can't delete", e);
    }
  }

  private Path file(String kind, int fragment, int version) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%d-%06d.bin", kind, fragment, version));
  }
}
