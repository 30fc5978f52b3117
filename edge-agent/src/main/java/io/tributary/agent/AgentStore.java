package io.tributary.agent;

import io.tributary.agent.trainer.Trainer;
import io.tributary.error.ErrorCode;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent's state in one file, written whole before a contribution is sent: position, θ, pending
 * contributions as encoded, trainer and codec sessions. An agent that is killed goes on from it and
 * sends the same bytes again.
 *
 * <p>Used by one thread at a time.
 */
final class AgentStore {
  private static final DurableFile FORMAT = new DurableFile("TRBA", 1);
  private static final int MAX_FRAGMENTS = 4096;

  private final Path file;

  AgentStore(Path folder) {
    file = folder.resolve("agent.state");
  }

  /** Whether there is a state to go on from. */
  boolean exists() {
    return Files.exists(file);
  }

  /** Writes the state; durable on return. */
  void save(AgentState state, OuterParameters theta, Trainer trainer, ContributionCutter cutter) {
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
          cutter.save(out);
          trainer.saveState(out);
        });
  }

  /**
   * Reads only the position: what JOIN needs before there is a trainer. Null if there is no state.
   */
  @Nullable AgentState peek() {
    return exists() ? FORMAT.read(file, AgentStore::readState) : null;
  }

  /** Reads everything into θ, trainer and cutter. */
  AgentState load(OuterParameters theta, Trainer trainer, ContributionCutter cutter) {
    return FORMAT.read(
        file,
        in -> {
          AgentState state = readState(in);
          for (int i = 0; i < theta.schema().tensors().size(); i++) {
            var values = new float[theta.schema().tensors().get(i).elements()];
            FloatArrays.read(in, values);
            theta.set(i, 0, values, values.length);
          }
          cutter.restore(in);
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
    for (int f = 0; f < fragments; f++) {
      applied.add(in.readInt());
      tokens.add(in.readLong());
    }
    int count = bounded(in.readInt());
    var pending = new ArrayList<PendingContribution>();
    for (int i = 0; i < count; i++) {
      pending.add(
          new PendingContribution(
              in.readInt(), in.readInt(), in.readLong(), EncodedPart.readAll(in)));
    }
    return new AgentState(run, step, applied, pending, tokens, bytesUp, bytesDown);
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
