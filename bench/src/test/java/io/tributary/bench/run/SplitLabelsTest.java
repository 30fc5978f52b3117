package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.agent.split.SplitClientAgent;
import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.split.SplitServerAgent;
import io.tributary.agent.split.SplitTerms;
import io.tributary.agent.text.Corpus;
import io.tributary.agent.text.WindowSampler;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.security.LinkSecurity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves a client of a cut model, as bytes on its connection. */
class SplitLabelsTest {
  private static final int CONTEXT = 16;
  private static final int BATCH = 2;
  private static final int STEPS = 4;
  private static final long SEED = 1;
  private static final int DATA_FRAME = 3;
  private static final int TYPE_AT = 6;
  private static final int PART_AT = 20;
  private static final int WINDOWS = 2;

  @TempDir private Path folder;

  /** All that the client sent in a whole run. */
  private byte[] sent(int lastCut) throws IOException, InterruptedException {
    Path text = RealRun.someText(folder);
    var terms =
        new SplitTerms(
            3, 2, 16, CONTEXT, 1, lastCut, BATCH, 2, "raw32", 4, 6, STEPS, 0.003, 2, SEED, "djl",
            1);
    List<SplitEvent> events = Collections.synchronizedList(new ArrayList<>());
    try (RelayServer relay =
            RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {});
        var proxy = new RecordingProxy(relay.port());
        var server =
            new SplitServerAgent(
                "server",
                "127.0.0.1",
                relay.port(),
                0,
                LinkSecurity.none(),
                terms,
                4,
                null,
                events::add);
        var client =
            new SplitClientAgent(
                "client",
                "127.0.0.1",
                proxy.port(),
                0,
                LinkSecurity.none(),
                text,
                0,
                2,
                null,
                events::add)) {
      var serving = new Thread(server::run, "server");
      serving.start();
      client.run();
      serving.join();
      assertThat(events).filteredOn(e -> e instanceof SplitEvent.Stepped).hasSize(2 * STEPS);
      assertThat(events).anyMatch(e -> e instanceof SplitEvent.Measured);
      return proxy.recorded();
    }
  }

  /** The parts of messages that frames of data belong to. */
  private static Set<Integer> parts(byte[] stream) {
    var parts = new TreeSet<Integer>();
    ByteBuffer frames = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + PART_AT + 4 <= stream.length) {
      int length = frames.getInt(at);
      if (frames.getShort(at + TYPE_AT) == DATA_FRAME) {
        parts.add(frames.getInt(at + PART_AT));
      }
      at += length;
    }
    return parts;
  }

  /** How many of the windows that the client trained on can be read in the bytes. */
  private int readable(byte[] stream) {
    WindowSampler sampler =
        Corpus.read(RealRun.someText(folder), 1).sampler(0, SEED, CONTEXT, 2 * BATCH);
    String all = new String(stream, StandardCharsets.ISO_8859_1);
    var windows = new long[2 * BATCH * (CONTEXT + 1)];
    int found = 0;
    for (int step = 1; step <= STEPS; step++) {
      sampler.fill(step, windows);
      for (int w = 0; w < 2 * BATCH; w++) {
        var bytes = new byte[CONTEXT];
        for (int i = 0; i < CONTEXT; i++) {
          bytes[i] = (byte) windows[w * (CONTEXT + 1) + 1 + i];
        }
        found += all.contains(new String(bytes, StandardCharsets.ISO_8859_1)) ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void windowsLeaveTheClientOnlyWhereTheServerHasTheTop() throws IOException, InterruptedException {
    byte[] oneCut = sent(1);
    assertThat(parts(oneCut)).contains(WINDOWS);
    assertThat(readable(oneCut)).isEqualTo(STEPS * 2 * BATCH);
    for (int lastCut : new int[] {2, 3}) {
      byte[] labelsStay = sent(lastCut);
      assertThat(parts(labelsStay)).contains(0, 3).doesNotContain(WINDOWS);
      assertThat(readable(labelsStay)).isZero();
    }
  }
}
