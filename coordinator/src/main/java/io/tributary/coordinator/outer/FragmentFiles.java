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

/**
 * The files of a run's fragments: for each version its state (outer parameters, momentum, feedback
 * of the down-link) and the encoded change that led to it. A version is written beside the one
 * before it, and counts once the journal says so; the latest two are kept, since an agent that
 * returns may lack one.
 *
 * <p>Used by one thread at a time.
 */
public final class FragmentFiles {
  private static final DurableFile STATE = new DurableFile("TRBS", 1);
  private static final DurableFile CHANGE = new DurableFile("TRBC", 1);
  private static final int KEPT_VERSIONS = 2;

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
   * Deletes what is older than the versions kept for a fragment whose newest committed version is
   * {@code version}.
   */
  public void dropOld(int fragment, int version) {
    for (int old = version - KEPT_VERSIONS; old > 0; old--) {
      try {
        boolean state = Files.deleteIfExists(file("state", fragment, old));
        boolean change = Files.deleteIfExists(file("change", fragment, old));
        if (!state && !change) {
          return;
        }
      } catch (IOException e) {
        throw Errors.storage(folder, "can't delete old versions in", e);
      }
    }
  }

  private Path file(String kind, int fragment, int version) {
    return folder.resolve(String.format(Locale.ROOT, "%s-%d-%06d.bin", kind, fragment, version));
  }
}
