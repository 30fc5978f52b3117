package io.tributary.agent;

import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.agent.trainer.Trainer;
import io.tributary.codec.CodecLadder;
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
import io.tributary.run.TensorSlice;
import io.tributary.tensor.TensorChunk;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Cuts an agent's contribution to a version: the outer gradient {@code Δ = θ - θ_m}, old minus new,
 * frozen at this moment and encoded by the up-link's sessions, in the codec that the controller
 * chooses where the policy leaves a choice. The gradient of a slice that isn't finite goes out
 * losslessly instead: the coordinator names what it finds and goes on without it.
 *
 * <p>Confined to the worker's thread.
 */
final class ContributionCutter {
  private final OuterParameters theta;
  private final Trainer trainer;
  private final CodecSession[] sessions;
  private final CodecController controller;
  private final int chunkElements;
  private final EncodeStage encoder;
  private final EncodeStage lossless;

  ContributionCutter(
      RunManifest manifest,
      OuterParameters theta,
      Trainer trainer,
      CodecRegistry codecs,
      CodecController controller) {
    this.theta = theta;
    this.trainer = trainer;
    this.controller = controller;
    chunkElements = RunSettings.CHUNK_ELEMENTS.get();
    CodecPolicy policy = CodecPolicy.parse(manifest.codecUp(), codecs);
    List<TensorSlice> slices = manifest.fragmentMap().slices();
    sessions = new CodecSession[slices.size()];
    for (TensorSlice slice : slices) {
      CodecLadder ladder = policy.ladder(manifest.schema().tensors().get(slice.tensor()));
      sessions[slice.index()] =
          ladder.chooses()
              ? codecs.session(ladder, slice.count())
              : codecs.session(ladder.rungs().get(0), slice.count());
    }
    // The worker's thread itself encodes: the gradient is to be frozen before the next inner step.
    encoder =
        new EncodeStage(i -> sessions[i], PooledByteBufAllocator.DEFAULT, Schedulers.immediate());
    lossless =
        new EncodeStage(
            i -> codecs.session(CodecLadder.LOSSLESS, slices.get(i).count()),
            PooledByteBufAllocator.DEFAULT,
            Schedulers.immediate());
  }

  /** Cuts and encodes one fragment's contribution. */
  PendingContribution cut(Exchange exchange, Fragment fragment, long tokens) {
    List<float[]> gradients = fragment.slices().stream().map(this::outerGradient).toList();
    controller.choose(exchange, fragment, gradients, sessions);
    var parts = new ArrayList<EncodedPart>();
    for (int i = 0; i < gradients.size(); i++) {
      parts.addAll(encode(fragment.slices().get(i), gradients.get(i)));
    }
    return new PendingContribution(exchange.fragment(), exchange.version(), tokens, parts);
  }

  private List<EncodedPart> encode(TensorSlice slice, float[] gradient) {
    EncodeStage stage = isFinite(gradient) ? encoder : lossless;
    return stage
        .encode(Flux.fromIterable(TensorChunk.cut(slice.index(), gradient, chunkElements)))
        .map(chunk -> EncodedPart.take(chunk).in(slice))
        .collectList()
        .blockOptional()
        .orElseThrow();
  }

  private static boolean isFinite(float[] values) {
    float product = 0;
    for (float value : values) {
      product *= value; // NaN as soon as one isn't finite
    }
    return product == 0;
  }

  private float[] outerGradient(TensorSlice slice) {
    float[] outer = theta.tensor(slice.tensor());
    var local = new float[outer.length];
    trainer.read(slice.tensor(), local, 0);
    var gradient = new float[slice.count()];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = outer[slice.first() + i] - local[slice.first() + i];
    }
    return gradient;
  }

  /** The up-link's session of each slice. */
  CodecSession[] sessions() {
    return sessions;
  }
}
