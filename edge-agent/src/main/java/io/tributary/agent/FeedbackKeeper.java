package io.tributary.agent;

import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.error.Errors;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentMap;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.TensorSpec;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the up-link's codec sessions remember (error feedback) from one process of the agent
 * to the next. Where the codec policy asks for no feedback there is nothing to keep, and no file.
 *
 * <p>The order of a cut: {@link #keep} the new generation of the fragments that were cut, {@link
 * #force}, write the agent's state with their marks, {@link #forgetOld}.
 *
 * <p>Used by one thread.
 */
final class FeedbackKeeper implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedbackKeeper.class);
  private static final int BUFFER_BYTES = 8192;

  private final FragmentMap fragments;
  private final TreeMap<Integer, CodecSession> sessions = new TreeMap<>();
  private final @Nullable ChronicleResidualStore store;

  /**
   * A keeper of those sessions whose codec choice has error feedback.
   *
   * @param all the up-link's session of each slice
   */
  FeedbackKeeper(Path folder, RunManifest manifest, CodecRegistry codecs, CodecSession[] all) {
    fragments = manifest.fragmentMap();
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), codecs);
    List<TensorSpec> tensors = manifest.schema().tensors();
    var lengths = new ArrayList<Integer>();
    for (TensorSlice slice : fragments.slices()) {
      if (policy.ladder(tensors.get(slice.tensor())).errorFeedback()) {
        sessions.put(slice.index(), all[slice.index()]);
        lengths.add((int) Math.min(Integer.MAX_VALUE, 4L + (long) Float.BYTES * slice.count()));
      }
    }
    store = sessions.isEmpty() ? null : ChronicleResidualStore.open(folder, lengths);
  }

  /** Writes what the sessions of a fragment remember, as a generation above all before. */
  FeedbackMark keep(Fragment fragment, int generation) {
    ChronicleResidualStore target = store;
    if (target == null
        || fragment.slices().stream().noneMatch(s -> sessions.containsKey(s.index()))) {
      return FeedbackMark.NONE;
    }
    var crc = new CRC32C();
    try {
      for (TensorSlice slice : fragment.slices()) {
        CodecSession session = sessions.get(slice.index());
        if (session != null) {
          try (OutputStream raw = target.write(slice.index(), generation);
              var out = new DataOutputStream(new CheckedOutputStream(raw, crc))) {
            session.save(out);
          }
        }
      }
    } catch (IOException e) {
      throw Errors.storage("error feedback of fragment " + fragment.index(), "can't keep the", e);
    }
    return new FeedbackMark(generation, (int) crc.getValue());
  }

  /** Returns when all that was kept is durable. */
  void force() {
    ChronicleResidualStore target = store;
    if (target != null) {
      target.force();
    }
  }

  /** Removes all but the generations of the fragments' marks. */
  void forgetOld(List<FeedbackMark> marks) {
    ChronicleResidualStore target = store;
    if (target == null) {
      return;
    }
    Map<Integer, Integer> generations = new HashMap<>();
    for (int f = 0; f < marks.size(); f++) {
      for (TensorSlice slice : fragments.fragment(f).slices()) {
        if (sessions.containsKey(slice.index())) {
          generations.put(slice.index(), marks.get(f).generation());
        }
      }
    }
    target.keepOnly(generations);
  }

  /**
   * Gives the sessions what they remembered. Where it is lost or damaged they begin with nothing:
   * training goes on, but what rounding had put off for later never comes.
   *
   * @return the marks of what was found
   */
  List<FeedbackMark> restore(List<FeedbackMark> marks) {
    var found = new ArrayList<FeedbackMark>();
    for (int f = 0; f < marks.size(); f++) {
      FeedbackMark mark = marks.get(f);
      if (mark.generation() > 0 && !restored(fragments.fragment(f), mark)) {
        mark = FeedbackMark.NONE;
      }
      found.add(mark);
    }
    forgetOld(found);
    return found;
  }

  private boolean restored(Fragment fragment, FeedbackMark mark) {
    ChronicleResidualStore source = store;
    try {
      if (source == null) {
        throw new IOException("the codec policy has none");
      }
      int crc = checksum(source, fragment, mark.generation());
      if (crc != mark.crc32c()) {
        throw new IOException(
            String.format(
                java.util.Locale.ROOT,
                "expected the checksum %08x, found %08x",
                mark.crc32c(),
                crc));
      }
      for (TensorSlice slice : fragment.slices()) {
        CodecSession session = sessions.get(slice.index());
        if (session != null) {
          try (var in = new DataInputStream(source.read(slice.index(), mark.generation()))) {
            session.restore(in);
          }
        }
      }
      return true;
    } catch (IOException e) {
      LOG.warn(
          "the error feedback of fragment {}, generation {}, is lost ({}); it begins anew, so this"
              + " run's bits differ from an undisturbed one's",
          fragment.index(),
          mark.generation(),
          e.getMessage());
      return false;
    }
  }

  /** The checksum over the sessions' bytes in order, before any session is touched. */
  private int checksum(ChronicleResidualStore source, Fragment fragment, int generation)
      throws IOException {
    var crc = new CRC32C();
    var buffer = new byte[BUFFER_BYTES];
    for (TensorSlice slice : fragment.slices()) {
      if (sessions.containsKey(slice.index())) {
        try (InputStream in = new CheckedInputStream(source.read(slice.index(), generation), crc)) {
          while (in.read(buffer) >= 0) {
            // The stream counts.
          }
        }
      }
    }
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    if (store != null) {
      store.close();
    }
  }
}
