package io.tributary.bench.fleet;

import io.netty.buffer.Unpooled;
import io.tributary.bench.cluster.LightAgent;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.link.EncodedChunk;
import io.tributary.run.FragmentMap;
import io.tributary.run.RunSettings;
import io.tributary.run.TensorSlice;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Contributions whose chunks are all the same bytes, encoded once for all agents, and changes that
 * nobody reads: whatever is measured is the coordinator's. Safe for any thread.
 */
final class FixedCargo implements LightAgent.Cargo {
  private final FragmentMap fragments;
  private final TensorCodec codec;
  private final int chunkElements = RunSettings.CHUNK_ELEMENTS.get();

  /** Encoded values by their number: that of a whole chunk, and those of the last ones. */
  private final Map<Integer, byte[]> encoded = new HashMap<>();

  /** The cargo of a model with these fragments, whose values come from a seed. */
  FixedCargo(FragmentMap fragments, String codec, CodecRegistry codecs, long seed) {
    this.fragments = fragments;
    this.codec = codecs.codec(codec);
    var random = new Random(seed);
    fragments
        .slices()
        .forEach(
            slice ->
                firsts(slice)
                    .forEach(
                        first ->
                            encoded.computeIfAbsent(count(slice, first), n -> some(n, random))));
  }

  private byte[] some(int count, Random random) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * 0.01f;
    }
    var bytes = new byte[codec.maxEncodedLength(count)];
    return Arrays.copyOf(bytes, codec.encode(values, 0, count, bytes, 0));
  }

  private Stream<Integer> firsts(TensorSlice slice) {
    return Stream.iterate(0, first -> first < slice.count(), first -> first + chunkElements);
  }

  private int count(TensorSlice slice, int first) {
    return Math.min(chunkElements, slice.count() - first);
  }

  @Override
  public int chunks(int fragment) {
    return (int)
        fragments.fragment(fragment).slices().stream().mapToLong(s -> firsts(s).count()).sum();
  }

  @Override
  public Flux<EncodedChunk> contribution(int fragment, int version) {
    return Flux.fromStream(
        () ->
            fragments.fragment(fragment).slices().stream()
                .flatMap(slice -> firsts(slice).map(first -> chunk(slice, first))));
  }

  private EncodedChunk chunk(TensorSlice slice, int first) {
    int count = count(slice, first);
    byte[] bytes = encoded.get(count);
    if (bytes == null) {
      throw new IllegalStateException("no chunk of " + count + " values was made");
    }
    return new EncodedChunk(
        slice.tensor(),
        (long) slice.first() + first,
        count,
        codec.id().number(),
        codec.id().version(),
        Unpooled.wrappedBuffer(bytes));
  }

  @Override
  public Mono<Integer> change(int fragment, int version, Flux<EncodedChunk> chunks) {
    return chunks.doOnNext(EncodedChunk::release).then(Mono.empty());
  }
}
