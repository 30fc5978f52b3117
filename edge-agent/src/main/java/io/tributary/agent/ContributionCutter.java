package io.tributary.agent;

import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.flow.EncodeStage;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.Fragment;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.tensor.TensorChunk;
import io.tributary.tensor.TensorSpec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * Cuts an agent's contribution to a version: the outer gradient {@code Δ = θ - θ_m}, old minus new, frozen at this moment and
 * encoded by the up-link's sessions.
 *
 * <p>Confined to the worker's thread.
 */
final class ContributionCutter {
  private final OuterParameters theta;
  private final Trainer trainer;
  private final CodecSession[] sessions;
  private final int chunkElements;

  ContributionCutter(RunManifest manifest, OuterParameters theta, Trainer trainer, CodecRegistry codecs) {
    this.theta = theta;
    this.trainer = trainer;
    chunkElements = RunSettings.CHUNK_ELEMENTS.get();
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), codecs);
    List<TensorSpec> tensors = manifest.schema().tensors();
    sessions = new CodecSession[tensors.size()];
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = codecs.session(policy.choose(tensors.get(i)), tensors.get(i).elements());
    }
  }

  /** Cuts and encodes one fragment's contribution. */
  PendingContribution cut(Exchange exchange, Fragment fragment, long tokens) {
    var parts = new ArrayList<EncodedPart>();
    for (int tensor : fragment.tensors()) {
      float[] gradient = new float[theta.tensor(tensor).length];
      trainer.read(tensor, gradient, 0);
      float[] outer = theta.tensor(tensor);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = outer[i] - gradient[i];
      }
      EncodeStage.encode(
              Flux.fromIterable(TensorChunk.cut(tensor, gradient, chunkElements)), sessions[tensor])
          .map(EncodedPart::take)
          .toIterable()
          .forEach(parts::add);
    }
    return new PendingContribution(exchange.fragment(), exchange.version(), tokens, parts);
  }

  /** Writes what the up-link's sessions remember. */
  void save(DataOutput out) throws IOException {
    for (CodecSession session : sessions) {
      session.save(out);
    }
  }

  /** Restores what {@link #save} wrote. */
  void restore(DataInput in) throws IOException {
    for (CodecSession session : sessions) {
      session.restore(in);
    }
  }
}
