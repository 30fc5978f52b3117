package io.tributary.agent;

import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.flow.EncodeStage;
import io.tributary.link.EncodedChunk;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.Fragment;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.RunSettings;
import io.tributary.tensor.TensorChunk;
import io.tributary.tensor.TensorSpec;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Cuts an agent's contribution to a version: the outer gradient {@code Δ = θ - θ_m}, old minus new,
 * frozen at this moment and encoded by the up-link's sessions. The gradient of a tensor that isn't
 * finite goes out losslessly instead: the coordinator names what it finds and goes on without it.
 *
 * <p>Confined to the worker's thread.
 */
final class ContributionCutter {
  private static final String LOSSLESS = "raw32";

  private final OuterParameters theta;
  private final Trainer trainer;
  private final CodecSession[] sessions;
  private final int chunkElements;
  private final EncodeStage encoder;
  private final EncodeStage lossless;

  ContributionCutter(
      RunManifest manifest, OuterParameters theta, Trainer trainer, CodecRegistry codecs) {
    this.theta = theta;
    this.trainer = trainer;
    chunkElements = RunSettings.CHUNK_ELEMENTS.get();
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), codecs);
    List<TensorSpec> tensors = manifest.schema().tensors();
    sessions = new CodecSession[tensors.size()];
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = codecs.session(policy.choose(tensors.get(i)), tensors.get(i).elements());
    }
    // The worker's thread itself encodes: the gradient is to be frozen before the next inner step.
    encoder =
        new EncodeStage(i -> sessions[i], PooledByteBufAllocator.DEFAULT, Schedulers.immediate());
    lossless =
        new EncodeStage(
            i -> codecs.session(LOSSLESS, tensors.get(i).elements()),
            PooledByteBufAllocator.DEFAULT,
            Schedulers.immediate());
  }

  /** Cuts and encodes one fragment's contribution. */
  PendingContribution cut(Exchange exchange, Fragment fragment, long tokens) {
    List<EncodedPart> parts =
        Flux.fromIterable(fragment.tensors())
            .concatMap(this::encode)
            .map(EncodedPart::take)
            .collectList()
            .blockOptional()
            .orElseThrow();
    return new PendingContribution(exchange.fragment(), exchange.version(), tokens, parts);
  }

  private Flux<EncodedChunk> encode(int tensor) {
    float[] gradient = outerGradient(tensor);
    EncodeStage stage = isFinite(gradient) ? encoder : lossless;
    return stage.encode(Flux.fromIterable(TensorChunk.cut(tensor, gradient, chunkElements)));
  }

  private static boolean isFinite(float[] values) {
    float product = 0;
    for (float value : values) {
      product *= value; // NaN as soon as one isn't finite
    }
    return product == 0;
  }

  private float[] outerGradient(int tensor) {
    float[] outer = theta.tensor(tensor);
    var gradient = new float[outer.length];
    trainer.read(tensor, gradient, 0);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = outer[i] - gradient[i];
    }
    return gradient;
  }

  /** The up-link's session of each tensor. */
  CodecSession[] sessions() {
    return sessions;
  }
}
