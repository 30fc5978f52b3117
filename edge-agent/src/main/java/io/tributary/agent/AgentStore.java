package io.tributary.agent;

import io.tributary.agent.trainer.Trainer;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.MalformedInputException;
import io.tributary.error.TributaryException;
import io.tributary.run.EncodedPart;
import io.tributary.run.OuterParameters;
import io.tributary.store.DurableFile;
import io.tributary.store.FloatArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's state in one file, written whole before a contribution is sent: position, θ, pending
 * contributions as encoded, the marks of what codec sessions remember, the trainer. An agent that
 * is killed goes on from it and sends the same bytes again.
 *
 * <p>Used by one thread at a time.
 */
final class AgentStore {
  private static final Logger LOG = LoggerFactory.getLogger(AgentStore.class);
  private static final DurableFile FORMAT = new DurableFile("TRBA", 1);
  private static final int MAX_FRAGMENTS = 4096;

  private final Path folder;
  private final Path file;
  private @Nullable AgentState position;

  private AgentStore(Path folder) {
    this.folder = folder;
    file = folder.resolve("agent.state");
  }

  /**
   * Opens the store in a folder. A damaged state is set aside: its agent then joins as a new one
   * does, and takes the model as it is by then.
   *
   * @throws TributaryException {@code TOO_OLD} or {@code TOO_NEW} if another version of this
   *     program wrote the state, {@code STORAGE} if it can't be read
   */
  static AgentStore open(Path folder) {
    var store = new AgentStore(folder);
    if (Files.exists(store.file)) {
      try {
        store.position = FORMAT.readBeginning(store.file, AgentStore::readState);
      } catch (MalformedInputException e) {
        store.setAside(e);
      }
    }
    if (store.position == null) {
      ChronicleResidualStore.delete(folder);
    }
    return store;
  }

  private void setAside(MalformedInputException damage) {
    Path aside = file.resolveSibling("agent.state.damaged");
    LOG.warn(
        "{}; it is set aside as {}, and this agent joins as a new one does",
        damage.getMessage(),
        aside);
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Errors.storage(file, "can't set aside the damaged", e);
    }
  }

  /** Where everything lies. */
  Path folder() {
    return folder;
  }

  /** What the stored state begins with: what JOIN needs before there is a trainer. Null if none. */
  @Nullable AgentState position() {
    return position;
  }

  /** Writes the state; durable on return. */
  void save(AgentState state, OuterParameters theta, Trainer trainer) {
    FORMAT.write(
        file,
        out -> {
          out.writeUTF(state.run());
          out.writeInt(state.step());
          out.writeLong(state.bytesUp());
          out.writeLong(state.bytesDown());
          writePositions(out, state);
          for (int i = 0; i < theta.schema().tensors().size(); i++) {
            FloatArrays.write(out, theta.tensor(i));
          }
          trainer.saveState(out);
        });
    position = state;
  }

  /** Reads everything into θ and trainer. */
  AgentState load(OuterParameters theta, Trainer trainer) {
    return FORMAT.read(
        file,
        in -> {
          AgentState state = readState(in);
          for (int i = 0; i < theta.schema().tensors().size(); i++) {
            var values = new float[theta.schema().tensors().get(i).elements()];
            FloatArrays.read(in, values);
            theta.set(i, 0, values, values.length);
          }
          trainer.restoreState(in);
          return state;
        });
  }

  private static AgentState readState(DataInput in) throws IOException {
    String run = in.readUTF();
    int step = in.readInt();
    long bytesUp = in.readLong();
    long bytesDown = in.readLong();
    int fragments = bounded(in.readInt());
    List<Integer> applied = new ArrayList<>();
    List<Long> tokens = new ArrayList<>();
    List<FeedbackMark> feedback = new ArrayList<>();
    for (int f = 0; f < fragments; f++) {
      applied.add(in.readInt());
      tokens.add(in.readLong());
      feedback.add(new FeedbackMark(in.readInt(), in.readInt()));
    }
    int count = bounded(in.readInt());
    var pending = new ArrayList<PendingContribution>();
    for (int i = 0; i < count; i++) {
      pending.add(
          new PendingContribution(
              in.readInt(), in.readInt(), in.readLong(), EncodedPart.readAll(in)));
    }
    return new AgentState(run, step, applied, pending, tokens, feedback, bytesUp, bytesDown);
  }

  private static int bounded(int count) {
    if (count < 0 || count > MAX_FRAGMENTS) {
      throw new TributaryException(
          ErrorCode.STORAGE,
          "agent state: expected at most " + MAX_FRAGMENTS + " fragments, found " + count);
    }
    return count;
  }

  private static void writePositions(DataOutput out, AgentState state) throws IOException {
    out.writeInt(state.applied().size());
    for (int f = 0; f < state.applied().size(); f++) {
      out.writeInt(state.applied().get(f));
      out.writeLong(state.tokens().get(f));
      out.writeInt(state.feedback().get(f).generation());
      out.writeInt(state.feedback().get(f).crc32c());
    }
    out.writeInt(state.pending().size());
    for (PendingContribution pending : state.pending()) {
      out.writeInt(pending.fragment());
      out.writeInt(pending.version());
      out.writeLong(pending.tokens());
      EncodedPart.writeAll(out, pending.parts());
    }
  }
}
