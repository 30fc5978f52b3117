package io.tributary.coordinator;

import io.tributary.codec.CodecChoice;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.link.Hello;
import io.tributary.run.JoinRequest;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.ModelSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an agent may take part in a run: whether it is who its connection says, brings
 * the run's model, holds no other run's state, and can read what it will be sent. Changes nothing.
 *
 * <p>Called on the run's thread.
 */
final class Admission {
  /** The mean, momentum and two copies of the slice at work, in bytes for each of its elements. */
  private static final long BYTES_AT_WORK = 16;

  /** What the down-link's error feedback remembers of each parameter, in bytes. */
  private static final long BYTES_OF_FEEDBACK = 4;

  private final RunStore store;
  private final ChangeSender sender;

  Admission(RunStore store, ChangeSender sender) {
    this.store = store;
    this.sender = sender;
  }

  /**
   * Checks a JOIN.
   *
   * @param peer what the connection said of its process
   * @param manifest the run that goes on, or the one that this agent would begin
   * @param begun whether the run has begun
   * @throws TributaryException with the code that the agent is refused with
   */
  void check(Hello peer, JoinRequest request, RunManifest manifest, boolean begun) {
    if (!request.agent().equals(peer.name())) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "JOIN: expected the name of the connection, " + peer.name() + ", found another");
    }
    checkRun(request, begun ? manifest : null);
    checkModel(request, manifest);
    if (begun) {
      checkNotAhead(request);
    }
    sender.checkDecodes(peer, manifest.codecDown(), manifest.schema());
    String early = request.early();
    if (early != null) {
      sender.checkOutline(peer, CodecChoice.parse(early));
    }
  }

  private static void checkModel(JoinRequest request, RunManifest manifest) {
    ModelSchema schema = request.schema();
    if (!schema.hash().equals(request.schemaHash())) {
      throw new TributaryException(
          ErrorCode.MALFORMED,
          "JOIN of "
              + request.agent()
              + ": expected the schema hash "
              + schema.hash()
              + ", found "
              + request.schemaHash());
    }
    if (!manifest.schema().hash().equals(schema.hash())) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "agent "
              + request.agent()
              + " has another model: expected schema "
              + manifest.schema().hash()
              + " with "
              + manifest.schema().parameters()
              + " parameters, found "
              + schema.hash()
              + " with "
              + schema.parameters()
              + "; give it the model options of the run's other agents");
    }
  }

  private static void checkRun(JoinRequest request, @Nullable RunManifest manifest) {
    String held = request.run();
    if (held != null && (manifest == null || !held.equals(manifest.run()))) {
      throw new TributaryException(
          ErrorCode.OTHER_RUN,
          "agent "
              + request.agent()
              + " holds the state of another run: expected "
              + (manifest == null ? "no state, since none has begun here" : manifest.run())
              + ", found "
              + held
              + "; give it an empty data folder to join this run");
    }
  }

  private void checkNotAhead(JoinRequest request) {
    List<Integer> applied = request.applied();
    if (applied.isEmpty()) {
      return;
    }
    List<Integer> committed = store.committed();
    boolean ahead = applied.size() != committed.size();
    for (int f = 0; !ahead && f < committed.size(); f++) {
      ahead = applied.get(f) < 0 || applied.get(f) > committed.get(f);
    }
    if (ahead) {
      throw new TributaryException(
          ErrorCode.OTHER_RUN,
          "agent "
              + request.agent()
              + " is ahead of this coordinator: expected versions up to "
              + committed
              + ", found "
              + applied
              + "; the coordinator's data folder is older than the agent's");
    }
  }

  /**
   * Makes the run that an agent's model begins.
   *
   * @throws TributaryException {@code LIMIT_EXCEEDED} if the model is too large for this process,
   *     {@code SCHEMA_MISMATCH} if it doesn't fit the coordinator's options
   */
  static RunManifest newRun(CoordinatorOptions options, String run, JoinRequest request) {
    long parameters = request.schema().parameters();
    if (parameters > RunSettings.MAX_PARAMETERS.get()) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "model of "
              + request.agent()
              + ": expected at most "
              + RunSettings.MAX_PARAMETERS.get()
              + " parameters ("
              + RunSettings.MAX_PARAMETERS.property()
              + "), found "
              + parameters);
    }
    RunManifest manifest;
    try {
      manifest = options.manifest(run, request.schema());
      var unused = manifest.schedule();
    } catch (TributaryException e) {
      throw new TributaryException(
          ErrorCode.SCHEMA_MISMATCH,
          "the model of "
              + request.agent()
              + " doesn't fit the coordinator's options: "
              + e.getMessage(),
          e);
    }
    checkHeap(request.agent(), manifest);
    return manifest;
  }

  /** θ and momentum lie in files; what is worked on, and what feedback remembers, doesn't. */
  private static void checkHeap(String agent, RunManifest manifest) {
    long slice =
        manifest.fragmentMap().slices().stream().mapToLong(TensorSlice::count).max().orElse(0);
    long feedback =
        manifest.codecDown().contains("+ef")
            ? BYTES_OF_FEEDBACK * manifest.schema().parameters()
            : 0;
    long needed = BYTES_AT_WORK * slice + feedback;
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "model of "
              + agent
              + " needs "
              + (needed >> 20)
              + " MiB of the coordinator's heap: expected at most "
              + (heap >> 20)
              + "; start it with a larger -Xmx");
    }
  }
}
