package io.tributary.bench.sync;

import io.netty.buffer.PooledByteBufAllocator;
import io.tributary.bench.cluster.LightAgent;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CodecSession;
import io.tributary.flow.DecodeStage;
import io.tributary.flow.EncodeStage;
import io.tributary.link.EncodedChunk;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentUpdate;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunSettings;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.InitialValues;
import io.tributary.tensor.ModelSchema;
import io.tributary.tensor.TensorChunk;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What an agent of the bench does: encodes a gradient for each contribution, decodes each change,
 * applies it to its own outer parameters and takes their checksum. Gradients are windows into one
 * array of Gaussian values, chosen by agent, version and place: they cost nothing to make, and
 * their bits follow from the seed.
 */
final class SyncCargo implements LightAgent.Cargo {
  /** Chunks of a change on their way to the decoder. */
  private static final int LOOK_AHEAD = 4;

  private final FragmentMap fragments;
  private final OuterParameters theta;
  private final float[] gradients;
  private final long key;
  private final int chunkElements = RunSettings.CHUNK_ELEMENTS.get();
  private final EncodeStage encoder;
  private final DecodeStage decoder;

  /**
   * The cargo of one agent.
   *
   * @param fragments whose slices are whole tensors
   * @param gradients more values than a chunk has
   * @param worker where encoding and decoding run
   */
  SyncCargo(
      ModelSchema schema,
      FragmentMap fragments,
      String codec,
      CodecRegistry codecs,
      float[] gradients,
      long key,
      Scheduler worker) {
    this.fragments = fragments;
    this.gradients = gradients;
    this.key = InitialValues.mix(key);
    theta = OuterParameters.initial(schema, 0);
    CodecPolicy policy = CodecPolicy.parse(codec, codecs);
    List<CodecSession> sessions =
        schema.tensors().stream()
            .map(tensor -> codecs.session(policy.choose(tensor), tensor.elements()))
            .toList();
    encoder = new EncodeStage(sessions::get, PooledByteBufAllocator.DEFAULT, worker);
    decoder = new DecodeStage(codecs::forDecoding, worker, LOOK_AHEAD);
  }

  @Override
  public int chunks(int fragment) {
    return fragments.fragment(fragment).slices().stream()
        .mapToInt(slice -> (slice.count() + chunkElements - 1) / chunkElements)
        .sum();
  }

  @Override
  public Flux<EncodedChunk> contribution(int fragment, int version) {
    return encoder.encode(
        Flux.fromStream(
            () ->
                fragments.fragment(fragment).slices().stream()
                    .flatMap(slice -> gradient(slice, version))));
  }

  private Stream<TensorChunk> gradient(TensorSlice slice, int version) {
    return Stream.iterate(0, first -> first < slice.count(), first -> first + chunkElements)
        .map(
            first -> {
              int count = Math.min(chunkElements, slice.count() - first);
              long place = ((long) version << 40) + ((long) slice.tensor() << 32) + first;
              long draw = InitialValues.mix(key + InitialValues.mix(place));
              int from = (int) Long.remainderUnsigned(draw, gradients.length - count);
              return new TensorChunk(slice.tensor(), first, gradients, from, count);
            });
  }

  /** Fragments are applied independently of each other: no two of them share an element. */
  @Override
  public Mono<Integer> change(int fragment, int version, Flux<EncodedChunk> chunks) {
    var update = new FragmentUpdate(theta, fragments.fragment(fragment));
    return decoder
        .decode(
            chunks,
            (tensor, first, values, count) -> update.subtract(tensor, (int) first, values, count))
        .then(Mono.fromCallable(update::checksum));
  }
}
