package io.tributary.bench.ship;

import io.tributary.agent.fetch.ModelFetcher;
import io.tributary.bench.chaos.FaultProxy;
import io.tributary.bench.cluster.ScratchFolder;
import io.tributary.bench.weights.CalibratedModel;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.coordinator.ship.ModelOffers;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.error.TributaryException;
import io.tributary.file.WeightFile;
import io.tributary.file.WeightFormats;
import io.tributary.file.WeightTensor;
import io.tributary.file.safetensors.SafetensorsWriter;
import io.tributary.link.LinkTimes;
import io.tributary.security.LinkSecurity;
import io.tributary.weights.compress.RecipePolicy;
import io.tributary.weights.file.TribFile;
import io.tributary.weights.file.TribWriter;
import io.tributary.weights.judge.Perplexity;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends a model's files from a server to a reader, notes when the reader's file has reached each
 * plane's end, and judges these beginnings afterwards, so that judging takes no time from the
 * transfer. For one thread.
 */
final class ShipBench implements AutoCloseable {
  private static final long LOOK_MILLIS = 1;
  private static final int PROXY_SEED = 1;

  private final String name;
  private final CalibratedModel model;
  private final long bytesPerSecond;
  private final Path folder;
  private final long weights;
  private final Perplexity plain;

  /**
   * Of a model that is open, and stays so.
   *
   * @param bytesPerSecond what the way to the reader carries, 0 for all that this machine does
   * @param folder for the files; made, and deleted at the end
   */
  ShipBench(String name, CalibratedModel model, long bytesPerSecond, Path folder) {
    this.name = name;
    this.model = model;
    this.bytesPerSecond = bytesPerSecond;
    this.folder = folder;
    weights = model.source().tensors().stream().mapToLong(WeightTensor::elements).sum();
    plain = model.judge();
    ScratchFolder.delete(folder);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw Errors.storage(folder, "can't make the folder", e);
    }
  }

  /** The model as it is, all of it in float32. */
  ShipRow plain() {
    Path file = folder.resolve("model.safetensors");
    long bytes = SafetensorsWriter.write(model.source(), file);
    double seconds = fetch(file, List.of(bytes)).get(0);
    return row(ShipRow.PLAIN, 1, 1, bytes, seconds, plain);
  }

  /** The model by a recipe, at the end of each plane. */
  List<ShipRow> run(String recipe) {
    Path file = folder.resolve("model.trib");
    RecipePolicy policy = RecipePolicy.parse(recipe);
    try (TribWriter writer = TribWriter.create(file, true)) {
      model.compressor().compress(model.source(), policy::choose, recipe, writer);
    }
    List<Long> ends;
    try (TribFile whole = TribFile.open(file)) {
      ends = whole.planeEnds();
    }
    List<Double> seconds = fetch(file, ends);
    var rows = new ArrayList<ShipRow>();
    for (int plane = 0; plane < ends.size(); plane++) {
      Perplexity found;
      try (WeightFile part = WeightFormats.load().open(beginning(file, ends.get(plane)))) {
        found = model.judge(part);
      }
      rows.add(row(recipe, plane + 1, ends.size(), ends.get(plane), seconds.get(plane), found));
    }
    return rows;
  }

  private ShipRow row(
      String recipe, int planes, int allPlanes, long bytes, double seconds, Perplexity found) {
    return new ShipRow(
        name,
        recipe,
        planes,
        allPlanes,
        bytes,
        seconds,
        8.0 * bytes / weights,
        found.nll(),
        found.perplexity(),
        found.nll() - plain.nll() <= ShipRow.USABLE_NATS);
  }

  /** The first bytes of a file, as a fetch would have left them. */
  private Path beginning(Path file, long bytes) {
    Path part = folder.resolve("beginning.part");
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      for (long done = 0; done < bytes; ) {
        done += from.transferTo(done, bytes - done, to);
      }
      return part;
    } catch (IOException e) {
      throw Errors.storage(part, "can't write", e);
    }
  }

  /**
   * Fetches a file; returns the seconds after which the reader's file had each of these lengths.
   */
  private List<Double> fetch(Path file, List<Long> lengths) {
    Path target = folder.resolve("fetched");
    try (RelayServer server =
            RelayServer.start(
                "127.0.0.1",
                0,
                0,
                LinkSecurity.none(),
                new ModelOffers(List.of(file)),
                event -> {});
        FaultProxy proxy = new FaultProxy(server.port(), PROXY_SEED)) {
      proxy.slow(bytesPerSecond);
      int port = bytesPerSecond == 0 ? server.port() : proxy.port();
      long began = System.nanoTime();
      try (ModelFetcher fetcher =
          ModelFetcher.start(
              "reader",
              "127.0.0.1",
              port,
              LinkSecurity.none(),
              LinkTimes.fromSettings(),
              null,
              target,
              event -> {})) {
        var seconds = new ArrayList<Double>();
        while (seconds.size() < lengths.size() && !fetcher.isDone()) {
          long length = partLength();
          while (seconds.size() < lengths.size() && length >= lengths.get(seconds.size())) {
            seconds.add((System.nanoTime() - began) / 1e9);
          }
          TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        fetcher.await();
        while (seconds.size() < lengths.size()) {
          seconds.add((System.nanoTime() - began) / 1e9);
        }
        if (Files.mismatch(file, target) >= 0) {
          throw new TributaryException(ErrorCode.INTERNAL, "the reader has another file");
        }
        Files.delete(target);
        return seconds;
      }
    } catch (IOException e) {
      throw Errors.storage(target, "can't compare or delete", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TributaryException(ErrorCode.CANCELLED, "interrupted during a fetch", e);
    }
  }

  /** The length of what is there of the file that is being fetched, 0 before and after. */
  private long partLength() {
    File[] parts =
        folder.toFile().listFiles((at, name) -> name.matches("fetched\\.[0-9a-f]+\\.part"));
    return parts == null || parts.length == 0 ? 0 : parts[0].length();
  }

  @Override
  public void close() {
    ScratchFolder.delete(folder);
  }
}
