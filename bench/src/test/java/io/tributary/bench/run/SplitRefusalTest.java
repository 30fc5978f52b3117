package io.tributary.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tributary.agent.split.SplitEvent;
import io.tributary.agent.split.SplitServerAgent;
import io.tributary.agent.split.SplitTerms;
import io.tributary.codec.CodecRange;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecs;
import io.tributary.coordinator.relay.RelayServer;
import io.tributary.error.ErrorCode;
import io.tributary.error.Errors;
import io.tributary.link.EncodedChunk;
import io.tributary.link.FarPeer;
import io.tributary.link.InboundStream;
import io.tributary.link.Link;
import io.tributary.link.LinkClient;
import io.tributary.link.LinkHandler;
import io.tributary.link.LinkOptions;
import io.tributary.link.StreamHeader;
import io.tributary.link.StreamKind;
import io.tributary.run.FoundService;
import io.tributary.run.MessageKind;
import io.tributary.run.RunDocuments;
import io.tributary.run.ServiceRequest;
import io.tributary.security.LinkSecurity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A server of a cut model against a client that says what it shouldn't: one clear error each. */
class SplitRefusalTest {
  private static final int LEARN = 0;
  private static final int MEASURE = 1;
  private static final int TABLE = 2;
  private static final int JOIN = 4;
  private static final int VALUES = 0;
  private static final int TABLE_PART = 1;
  private static final int WINDOWS = 2;
  private static final int DOCUMENT = 3;
  private static final int CONTEXT = 16;
  private static final int WIDTH = 16;
  private static final int BATCH = 2;
  private static final int ROWS = BATCH * CONTEXT;

  private final RelayServer relay =
      RelayServer.start("127.0.0.1", 0, 0, LinkSecurity.none(), event -> {});
  private final BlockingQueue<SplitEvent> events = new LinkedBlockingQueue<>();
  private final Client client = new Client("client");
  private @Nullable SplitServerAgent server;
  private @Nullable Thread thread;

  private void serve(String codec) {
    serve(codec, 1);
  }

  private void serve(String codec, int clients) {
    var terms =
        new SplitTerms(
            2, 2, WIDTH, CONTEXT, 1, 1, BATCH, 1, codec, 4, 6, 5, 0.003, 2, 1, "djl", clients);
    var agent =
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
    server = agent;
    thread = new Thread(agent::run, "server");
    thread.start();
    client.find();
  }

  @AfterEach
  void close() throws InterruptedException {
    client.link.close();
    if (server != null && thread != null) {
      server.stop();
      thread.join();
      server.close();
    }
    relay.close();
  }

  /** Speaks as a client does, or otherwise. */
  private final class Client implements LinkHandler {
    final CompletableFuture<Link> connected = new CompletableFuture<>();
    final CompletableFuture<FoundService> found = new CompletableFuture<>();
    final BlockingQueue<StreamHeader> answers = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> firstParts = new LinkedBlockingQueue<>();
    final LinkClient link;
    private FarPeer far = new FarPeer("nobody", List.of());

    Client(String name) {
      List<CodecRange> decodes = List.of(new CodecRange(1, 1, 1), new CodecRange(0x40, 1, 1));
      link = LinkClient.connect("127.0.0.1", relay.port(), LinkOptions.of(name, decodes, 0), this);
    }

    void find() {
      connected
          .orTimeout(20, TimeUnit.SECONDS)
          .join()
          .message(
              MessageKind.SEEK.number(),
              RunDocuments.toBytes(new ServiceRequest(SplitTerms.SERVICE, null, List.of())));
      FoundService service = found.orTimeout(60, TimeUnit.SECONDS).join();
      far = new FarPeer(service.agent(), service.decodes());
    }

    void join(String session) throws InterruptedException {
      byte[] join =
          ("{\"session\":\"" + session + "\",\"keeps\":false,\"kept\":[],\"startMillis\":0}")
              .getBytes(StandardCharsets.UTF_8);
      assertThat(send(JOIN, 0, Map.of(DOCUMENT, join))).isEmpty();
      assertThat(answer().participant()).isEqualTo(JOIN);
    }

    StreamHeader answer() throws InterruptedException {
      StreamHeader header = answers.poll(60, TimeUnit.SECONDS);
      assertThat(header).as("an answer").isNotNull();
      return java.util.Objects.requireNonNull(header);
    }

    /** Sends a message; nothing if it is taken, or the error's code and text. */
    String send(int verb, int step, Map<Integer, byte[]> parts) {
      return begin(verb, step, parts).orTimeout(60, TimeUnit.SECONDS).join();
    }

    CompletableFuture<String> begin(int verb, int step, Map<Integer, byte[]> parts) {
      int codec = far.decodes().get(0).number();
      var header = new StreamHeader(StreamKind.ACTIVATIONS, 0, step, verb, parts.size(), 0);
      return connected
          .join()
          .sendTo(
              far,
              header,
              () ->
                  Flux.fromIterable(new TreeMap<>(parts).entrySet())
                      .map(
                          part ->
                              new EncodedChunk(
                                  part.getKey(),
                                  0,
                                  part.getValue().length,
                                  codec,
                                  1,
                                  Unpooled.wrappedBuffer(part.getValue()))))
          .toFuture()
          .handle((done, why) -> why == null ? "" : Errors.codeOf(why) + ": " + why.getMessage());
    }

    @Override
    public void connected(Link now) {
      connected.complete(now);
    }

    @Override
    public void message(Link from, int kind, byte[] body) {
      found.complete(RunDocuments.fromBytes(body, FoundService.class));
    }

    @Override
    public void stream(Link from, InboundStream stream) {
      stream
          .chunks()
          .subscribe(
              chunk -> {
                var bytes = new byte[chunk.encodedLength()];
                chunk.payload().readBytes(bytes);
                chunk.release();
                if (chunk.first() == 0) {
                  firstParts.add(bytes);
                }
              },
              failure -> {},
              () -> {
                answers.add(stream.header());
                stream.acknowledge();
              });
    }
  }

  private static byte[] windows(int count) {
    var bytes = new byte[count * (CONTEXT + 1)];
    Arrays.fill(bytes, (byte) 'a');
    return bytes;
  }

  private static byte[] values(LearnedCodec codec, float value) {
    var activations = new float[ROWS * WIDTH];
    for (int i = 0; i < activations.length; i++) {
      activations[i] = (float) StrictMath.sin(i);
    }
    activations[3] = value;
    var bytes = new byte[codec.maxEncodedLength(ROWS)];
    int length = codec.encode(CutRows.ordinary(0, ROWS), activations, 0, bytes, 0);
    return Arrays.copyOf(bytes, length);
  }

  private static LearnedCodec codec(String name) {
    return LearnedCodecs.load(CodecRegistry.load())
        .open(name, new CutPlan(WIDTH, ROWS, 4, 6, 5, 1));
  }

  @Test
  void whatContradictsTheTermsIsRefused() throws InterruptedException {
    serve("raw32");
    LearnedCodec raw = codec("raw32");
    byte[] good = values(raw, 1);
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH))))
        .contains(ErrorCode.PROTOCOL_VIOLATION.name())
        .contains("expected JOIN first");
    assertThat(client.send(JOIN, 0, Map.of(DOCUMENT, new byte[] {'{'})))
        .contains(ErrorCode.MALFORMED.name());

    client.join("1");
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, new byte[CONTEXT])))
        .contains(ErrorCode.PROTOCOL_VIOLATION.name())
        .contains("windows: expected a multiple of 17 tokens, found 16");
    client.join("2");
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH + 1))))
        .contains(ErrorCode.PROTOCOL_VIOLATION.name())
        .contains("found 32");
    client.join("3");
    assertThat(client.send(LEARN, 1, Map.of(WINDOWS, windows(BATCH))))
        .contains("expected a part VALUES");
    client.join("4");
    assertThat(
            client.send(LEARN, 1, Map.of(VALUES, Arrays.copyOf(good, 99), WINDOWS, windows(BATCH))))
        .contains(ErrorCode.CORRUPT_PAYLOAD.name());
    client.join("5");
    assertThat(client.send(9, 1, Map.of(VALUES, good))).contains("unknown subject 9");
    assertThat(client.send(LEARN, 1, Map.of(7, good))).contains("unknown part 7");
    // And after all that it learns.
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH)))).isEmpty();
    assertThat(client.answer().participant()).isEqualTo(LEARN);
    // What is sent again is answered again; an older step isn't.
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH)))).isEmpty();
    assertThat(client.answer().version()).isEqualTo(1);
    assertThat(client.send(MEASURE, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH)))).isEmpty();
    assertThat(client.answer().participant()).isEqualTo(MEASURE);
    long updates = events.stream().filter(e -> e instanceof SplitEvent.Stepped).count();
    assertThat(updates).as("updates of the step that was sent twice").isEqualTo(1);
  }

  @Test
  void valuesThatAreNoNumbersRefuseTheStepAndNotTheNext() throws InterruptedException {
    serve("raw32");
    LearnedCodec raw = codec("raw32");
    client.join("1");
    byte[] bad = values(raw, Float.NaN);
    assertThat(client.send(LEARN, 1, Map.of(VALUES, bad, WINDOWS, windows(BATCH))))
        .contains(ErrorCode.NON_FINITE.name());
    byte[] good = values(raw, 1);
    assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH))))
        .contains("step 1 was refused");
    assertThat(client.send(LEARN, 2, Map.of(VALUES, good, WINDOWS, windows(BATCH)))).isEmpty();
    assertThat(events)
        .anyMatch(e -> e instanceof SplitEvent.Refused refused && refused.step() == 1);
  }

  @Test
  void valuesOfOneClientThatAreNoNumbersLeaveTheOthersTheirStep() throws InterruptedException {
    serve("raw32", 2);
    var other = new Client("other");
    try {
      other.find();
      LearnedCodec raw = codec("raw32");
      client.join("1");
      other.join("2");
      byte[] good = values(raw, 1);
      assertThat(client.send(LEARN, 1, Map.of(VALUES, good, WINDOWS, windows(BATCH)))).isEmpty();
      assertThat(
              other.send(LEARN, 1, Map.of(VALUES, values(raw, Float.NaN), WINDOWS, windows(BATCH))))
          .contains(ErrorCode.NON_FINITE.name());
      assertThat(client.answer().participant()).isEqualTo(LEARN);
      List<SplitEvent> happened = new ArrayList<>();
      while (happened.stream().noneMatch(e -> e instanceof SplitEvent.Stepped)) {
        SplitEvent event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("a step after %s", happened).isNotNull();
        happened.add(event);
      }
      assertThat(happened)
          .anyMatch(e -> e instanceof SplitEvent.Refused refused && refused.step() == 1)
          .anyMatch(e -> e instanceof SplitEvent.Stepped stepped && stepped.step() == 1);
    } finally {
      other.link.close();
    }
  }

  @Test
  void aTableThatIsMissingIsAskedForAndABadOneRefused() throws InterruptedException {
    serve("amaq");
    LearnedCodec amaq = codec("amaq");
    client.join("1");
    byte[] dropped = amaq.takeTable();
    assertThat(dropped).isNotEmpty();
    var sent = client.begin(LEARN, 1, Map.of(VALUES, values(amaq, 1), WINDOWS, windows(BATCH)));
    client.firstParts.clear();
    assertThat(client.answer().participant()).isEqualTo(TABLE);
    byte[] request = java.util.Objects.requireNonNull(client.firstParts.poll(20, TimeUnit.SECONDS));
    byte[] wrong = dropped.clone();
    wrong[wrong.length - 1] ^= 0x55;
    wrong[0] ^= 0x55;
    assertThat(client.send(TABLE, 1, Map.of(TABLE_PART, wrong)))
        .contains(ErrorCode.CORRUPT_PAYLOAD.name());
    assertThat(client.send(TABLE, 1, Map.of(TABLE_PART, amaq.answer(request)))).isEmpty();
    assertThat(sent.orTimeout(60, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(client.answer().participant()).isEqualTo(LEARN);
  }
}
