package io.tributary.coordinator;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import io.tributary.link.InboundGauge;
import io.tributary.link.LinkLoad;
import io.tributary.link.RelayGauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a coordinator holds, and what it may hold at most. Looks at files: not for an event loop.
 * Safe for any thread.
 */
final class CoordinatorGauges implements Supplier<List<Gauge>> {
  private final Path journal;
  private final Supplier<LinkLoad> links;
  private final RelayGauge relay;
  private final MessageBacklog backlog;

  /** Gauges of a coordinator whose journal lies in a folder. */
  CoordinatorGauges(
      Path journal, Supplier<LinkLoad> links, RelayGauge relay, MessageBacklog backlog) {
    this.journal = journal;
    this.links = links;
    this.relay = relay;
    this.backlog = backlog;
  }

  @Override
  public List<Gauge> get() {
    Runtime jvm = Runtime.getRuntime();
    var pool = PooledByteBufAllocator.DEFAULT;
    InboundGauge inbound = InboundGauge.ofProcess();
    LinkLoad load = links.get();
    return List.of(
        new Gauge("heap_used_bytes", "Heap in use.", jvm.totalMemory() - jvm.freeMemory()),
        new Gauge("heap_max_bytes", "The most heap that the JVM takes.", jvm.maxMemory()),
        new Gauge(
            "direct_pooled_bytes",
            "Direct memory that the pool of buffers has taken.",
            pool.metric().usedDirectMemory()),
        new Gauge(
            "direct_used_bytes",
            "Direct memory of the pool that buffers in use take.",
            pool.pinnedDirectMemory()),
        new Gauge(
            "direct_max_bytes",
            "The most direct memory that the JVM allows.",
            PlatformDependent.maxDirectMemory()),
        new Gauge("journal_bytes", "Length of the journal's files.", lengthOf(journal)),
        new Gauge("links", "Connections.", load.links()),
        new Gauge("streams_inbound", "Open streams that agents send.", load.inboundStreams()),
        new Gauge("streams_outbound", "Open streams to agents.", load.outboundStreams()),
        new Gauge(
            "inbound_bytes", "Chunks and messages of agents that are held.", load.inboundBytes()),
        new Gauge(
            "inbound_peak_bytes",
            "The most that was held of all links of the process.",
            inbound.peak()),
        new Gauge(
            "inbound_max_bytes",
            "The most that all links of the process may hold.",
            inbound.limit()),
        new Gauge(
            "waiting_message_bytes", "Messages of agents that wait for the run.", backlog.bytes()),
        new Gauge(
            "outbound_bytes", "Chunks and messages that wait to leave.", load.outboundBytes()),
        new Gauge("relay_bytes", "Held of all streams between agents.", relay.held()),
        new Gauge(
            "relay_max_bytes",
            "The most that may be held of all streams between agents.",
            relay.limit()));
  }

  /** The length of all files in a folder; one that goes meanwhile counts as nothing. */
  private static long lengthOf(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // a folder that is about to be made
    }
  }
}
