package io.tributary.coordinator;

import io.tributary.coordinator.journal.RunRecord;
import io.tributary.error.Errors;
import io.tributary.run.RunDocuments;
import io.tributary.run.RunManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.map.ChronicleMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run's manifest and members in a Chronicle Map, so that another process can look at them while
 * the run goes on. A copy: the journal is what counts, and the index is made anew from it at each
 * start. Keys: {@code manifest} and {@code member/INDEX}.
 *
 * <p>Safe for any thread.
 */
final class ChronicleRunIndex implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ChronicleRunIndex.class);
  private static final int ENTRIES = 8192;
  private static final int AVERAGE_VALUE_BYTES = 256;

  private final ChronicleMap<String, byte[]> map;

  private ChronicleRunIndex(ChronicleMap<String, byte[]> map) {
    this.map = map;
  }

  /** Opens the index in a folder. A file that the last process left in disorder is set aside. */
  static ChronicleRunIndex open(Path folder) {
    Path file = folder.resolve("run.chm");
    try {
      Files.createDirectories(folder);
      try {
        return new ChronicleRunIndex(create(file));
      } catch (IOException | RuntimeException e) {
        Path aside = folder.resolve("run.chm.damaged");
        LOG.warn(
            "{} can't be opened ({}); it is set aside as {} and made anew",
            file,
            e.getMessage(),
            aside);
        Files.move(file, aside, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return new ChronicleRunIndex(create(file));
      }
    } catch (IOException e) {
      throw Errors.storage(file, "can't open the index", e);
    }
  }

  private static ChronicleMap<String, byte[]> create(Path file) throws IOException {
    return ChronicleMap.of(String.class, byte[].class)
        .name("tributary-run")
        .entries(ENTRIES)
        .averageKey("member/1234")
        .averageValueSize(AVERAGE_VALUE_BYTES)
        .maxBloatFactor(10)
        .createPersistedTo(file.toFile());
  }

  /** Makes the index say what the journal says. */
  void replace(@Nullable RunManifest manifest, List<String> members) {
    map.clear();
    if (manifest != null) {
      map.put("manifest", RunDocuments.toBytes(manifest));
    }
    for (int i = 0; i < members.size(); i++) {
      putMember(new RunRecord.Member(i, members.get(i)));
    }
  }

  /** Adds one member. */
  void putMember(RunRecord.Member member) {
    map.put("member/" + member.participant(), member.agent().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    map.close();
  }
}
