package io.tributary.codecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.FloatBits;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.LearnedCodecProvider;
import io.tributary.codec.LearnedCodecs;
import io.tributary.codec.LearnedPeer;
import io.tributary.codec.SeededRandom;
import io.tributary.codec.UnknownTableException;
import io.tributary.codecs.channelwise.CutSamples;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every codec across a cut promises, whichever it is. */
class LearnedCodecTest {
  private static final int CHANNELS = 24;
  private static final int ROWS = 40;
  private static final int SAMPLES = 2;

  @RegisterExtension final SeededRandom random = new SeededRandom();

  private final CodecRegistry registry = CodecRegistry.load();
  private final LearnedCodecs codecs = LearnedCodecs.load(registry);

  private static CutPlan plan() {
    return new CutPlan(CHANNELS, ROWS, 3, 6, 400, 7);
  }

  /** Both ends, and what each decoded last. */
  private final class Pair {
    final LearnedCodec owner;
    final LearnedPeer peer;
    final byte[] bytes;
    final float[] received = new float[ROWS * CHANNELS];
    final float[] gradients = new float[ROWS * CHANNELS];
    int length;
    int backLength;

    Pair(String name) {
      owner = codecs.open(name, plan());
      peer = codecs.openPeer(name, plan());
      bytes = new byte[Math.max(owner.maxEncodedLength(ROWS), peer.maxGradientLength(ROWS))];
    }

    /** One step; the table is brought when the peer asks for it, if it was dropped. */
    void step(int message, float[] activations, float[] slope, boolean dropTable) {
      CutRows rows = rowsOf(message);
      byte[] table = owner.takeTable();
      if (table.length > 0 && !dropTable) {
        peer.acceptTable(table, 0, table.length);
      }
      length = owner.encode(rows, activations, 0, bytes, 0);
      CutRows came;
      try {
        came = peer.decode(bytes, 0, length, received, 0);
      } catch (UnknownTableException e) {
        byte[] answer = owner.answer(peer.request(e.version()));
        peer.acceptTable(answer, 0, answer.length);
        came = peer.decode(bytes, 0, length, received, 0);
      }
      assertThat(came.withoutSamples().sameAs(rows.withoutSamples())).isTrue();
      backLength = peer.encodeGradient(came, slope, 0, bytes, 0);
      owner.decodeGradient(rows, bytes, 0, backLength, gradients, 0);
      owner.feedback(rows, activations, 0, gradients, 0);
      owner.update();
    }
  }

  private static CutRows rowsOf(int message) {
    return CutRows.ordinary(message, ROWS)
        .ofSamples(new int[] {message % 5 * SAMPLES, message % 5 * SAMPLES + 1});
  }

  private float[] values() {
    return CutSamples.activations(ROWS, CHANNELS, random.nextBits());
  }

  @Test
  void allAreFound() {
    assertThat(codecs.providers())
        .extracting(p -> p.id().number() + " " + p.id().name())
        .containsExactly("64 amaq", "65 aqsgd", "66 groupbits", "67 amaqec", "68 directions");
    assertThat(codecs.providers()).extracting(LearnedCodecProvider::description).doesNotContain("");
    assertThatThrownBy(() -> codecs.open("nonsense", plan())).hasMessageContaining("nonsense");
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:learned-sharp", "amaq:variance", "amaqec:channel"})
  void bothEndsHoldTheSameBitsThroughThousandMessagesAndADroppedTable(String name) {
    var pair = new Pair(name);
    // A third end that gets everything in time, and must see what the other one sees.
    LearnedPeer undisturbed = codecs.openPeer(name, plan());
    var expected = new float[ROWS * CHANNELS];
    int tables = 0;
    int dropped = 0;
    for (int message = 0; message < 1000; message++) {
      CutRows rows = rowsOf(message);
      float[] activations = values();
      byte[] table = pair.owner.takeTable();
      if (table.length > 0) {
        tables++;
        undisturbed.acceptTable(table, 0, table.length);
        if (tables == 10) {
          dropped++;
        } else {
          pair.peer.acceptTable(table, 0, table.length);
        }
      }
      int length = pair.owner.encode(rows, activations, 0, pair.bytes, 0);
      undisturbed.decode(pair.bytes, 0, length, expected, 0);
      try {
        pair.peer.decode(pair.bytes, 0, length, pair.received, 0);
      } catch (UnknownTableException e) {
        dropped++;
        byte[] answer = pair.owner.answer(pair.peer.request(e.version()));
        pair.peer.acceptTable(answer, 0, answer.length);
        pair.peer.decode(pair.bytes, 0, length, pair.received, 0);
      }
      FloatBits.assertSame("message " + message, pair.received, expected);
      int back = pair.peer.encodeGradient(rows.withoutSamples(), values(), 0, pair.bytes, 0);
      byte[] first = Arrays.copyOf(pair.bytes, back);
      int again =
          undisturbed.encodeGradient(rows.withoutSamples(), pair.received, 0, pair.bytes, 0);
      assertThat(again).isPositive();
      pair.owner.decodeGradient(rows, first, 0, back, pair.gradients, 0);
      pair.owner.feedback(rows, activations, 0, pair.gradients, 0);
      pair.owner.update();
    }
    assertThat(tables).isGreaterThan(10);
    // The dropped table, and the message that was refused for it.
    assertThat(dropped).isGreaterThanOrEqualTo(name.startsWith("amaqec") ? 2 : 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amaq",
        "amaq:fixed",
        "amaq:variance-sharp",
        "aqsgd",
        "groupbits:8",
        "amaqec:channel",
        "directions"
      })
  void savedSessionsGoOnBitForBit(String name) throws IOException {
    var pair = new Pair(name);
    for (int message = 0; message < 60; message++) {
      pair.step(message, values(), values(), false);
    }
    var state = new ByteArrayOutputStream();
    pair.owner.save(new DataOutputStream(state));
    pair.peer.save(new DataOutputStream(state));
    var other = new Pair(name);
    var in = new DataInputStream(new ByteArrayInputStream(state.toByteArray()));
    other.owner.restore(in);
    other.peer.restore(in);
    assertThat(in.available()).isZero();
    for (int message = 60; message < 120; message++) {
      float[] activations = values();
      float[] slope = values();
      pair.step(message, activations, slope, false);
      byte[] bytes = Arrays.copyOf(pair.bytes, pair.backLength);
      other.step(message, activations, slope, false);
      FloatBits.assertSame("received", other.received, pair.received);
      FloatBits.assertSame("bytes", Arrays.copyOf(other.bytes, other.backLength), bytes);
      assertThat(other.owner.bits()).isEqualTo(pair.owner.bits());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:fixed", "aqsgd", "amaqec", "directions"})
  void stateOfAnotherPlanIsRefused(String name) throws IOException {
    var state = new ByteArrayOutputStream();
    codecs.open(name, plan()).save(new DataOutputStream(state));
    LearnedCodec other = codecs.open(name, new CutPlan(CHANNELS + 1, ROWS, 3, 6, 400, 7));
    var in = new DataInputStream(new ByteArrayInputStream(state.toByteArray()));
    assertThatThrownBy(() -> other.restore(in))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:fixed", "aqsgd", "groupbits", "amaqec", "directions"})
  void whatIsNoNumberChangesNothing(String name) {
    var pair = new Pair(name);
    var calm = new Pair(name);
    float[] activations = values();
    float[] slope = values();
    float[] bad = activations.clone();
    bad[3 * CHANNELS + 5] = Float.NaN;
    assertThatThrownBy(() -> pair.owner.encode(rowsOf(0), bad, 0, pair.bytes, 0))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NON_FINITE))
        .hasMessageContaining("row 3, channel 5");
    pair.step(0, activations, slope, false);
    calm.step(0, activations, slope, false);
    assertThat(pair.bytes).isEqualTo(calm.bytes);
    float[] badSlope = slope.clone();
    badSlope[0] = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> pair.peer.encodeGradient(rowsOf(0), badSlope, 0, pair.bytes, 0))
        .hasMessageContaining("row 0, channel 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:learned-sharp", "amaq:fixed-sharp"})
  void gradientsThatAreNoNumbersAreNamedAndLeaveSlopesAlone(String name) {
    var pair = new Pair(name);
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] activations = values();
      pair.owner.encode(rowsOf(1), activations, 0, pair.bytes, 0);
      pair.owner.addSlopes(Arrays.copyOf(values(), CHANNELS));
      float[] before = pair.owner.slopes();
      float[] gradients = values();
      gradients[3 * CHANNELS + 5] = bad;
      assertThatThrownBy(() -> pair.owner.feedback(rowsOf(1), activations, 0, gradients, 0))
          .hasMessageContaining("row 3, channel 5")
          .hasMessageContaining(String.valueOf(bad));
      assertThat(pair.owner.slopes()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:fixed", "aqsgd", "groupbits", "amaqec", "directions"})
  void otherRowsThanAnnouncedAreRefused(String name) {
    var pair = new Pair(name);
    CutRows tooMany = CutRows.ordinary(0, ROWS + SAMPLES).ofSamples(new int[] {0, 1});
    var values = new float[(ROWS + SAMPLES) * CHANNELS];
    assertThatThrownBy(() -> pair.owner.encode(tooMany, values, 0, new byte[1 << 20], 0))
        .hasMessageContaining("rows of message 0");
    pair.step(0, values(), values(), false);
    byte[] table = pair.owner.takeTable();
    assertThat(table.length).isGreaterThanOrEqualTo(0);
    // Gradients of another message.
    byte[] back = Arrays.copyOf(pair.bytes, pair.backLength);
    assertThatThrownBy(
            () -> pair.owner.decodeGradient(rowsOf(1), back, 0, back.length, values(), 0))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_PAYLOAD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"amaq", "amaq:fixed", "aqsgd", "groupbits", "amaqec", "directions"})
  void damagedMessagesLeaveWithDeclaredErrorsAndChangeNothing(String name) {
    var pair = new Pair(name);
    var calm = new Pair(name);
    for (int message = 0; message < 12; message++) {
      float[] activations = values();
      float[] slope = values();
      pair.step(message, activations, slope, false);
      calm.step(message, activations, slope, false);
    }
    byte[] table = pair.owner.takeTable();
    if (table.length > 0) {
      pair.peer.acceptTable(table, 0, table.length);
      calm.peer.acceptTable(table, 0, table.length);
    }
    float[] activations = values();
    int length = pair.owner.encode(rowsOf(12), activations, 0, pair.bytes, 0);
    byte[] good = Arrays.copyOf(pair.bytes, length);
    for (int i = 0; i < 2000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(3) == 0 ? random.nextInt(length) : length);
      for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
        int where = random.nextInt(random.nextInt(2) == 0 ? Math.min(32, bad.length) : bad.length);
        bad[where] = (byte) random.nextBits();
      }
      var target = new float[ROWS * CHANNELS];
      try {
        // Damage may be another valid message; then memory has moved on, if there is any.
        LearnedPeer one = name.equals("aqsgd") ? codecs.openPeer(name, plan()) : pair.peer;
        one.decode(bad, 0, bad.length, target, 0);
      } catch (TributaryException e) {
        assertThat(e.code())
            .isIn(ErrorCode.CORRUPT_PAYLOAD, ErrorCode.UNKNOWN_TABLE, ErrorCode.WRONG_VERSION);
      }
    }
    pair.peer.decode(good, 0, length, pair.received, 0);
    calm.peer.decode(good, 0, length, calm.received, 0);
    FloatBits.assertSame("after damage", pair.received, calm.received);
  }

  @Test
  void aMemoryThatMissedAMessageIsRefused() {
    var pair = new Pair("aqsgd");
    pair.owner.encode(rowsOf(0), values(), 0, pair.bytes, 0);
    int length = pair.owner.encode(rowsOf(1), values(), 0, pair.bytes, 0);
    assertThatThrownBy(() -> pair.peer.decode(pair.bytes, 0, length, pair.received, 0))
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_VERSION));
  }

  @Test
  void changesAddUpToWhatWasSent() {
    var pair = new Pair("aqsgd");
    float[] same = values();
    double first = 0;
    for (int message = 0; message < 30; message += 5) {
      int length = pair.owner.encode(rowsOf(message), same, 0, pair.bytes, 0);
      pair.peer.decode(pair.bytes, 0, length, pair.received, 0);
      double now = distance(same, pair.received);
      if (message == 0) {
        first = now;
      } else {
        assertThat(now).isLessThanOrEqualTo(first);
      }
      first = now;
    }
    assertThat(first).isLessThan(0.02 * distance(same, new float[same.length]));
  }

  private static double distance(float[] values, float[] others) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += ((double) values[i] - others[i]) * ((double) values[i] - others[i]);
    }
    return Math.sqrt(sum);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.4, 0.93, 2, 3})
  void theEntropyCodersBudgetIsHeldOnRealBytes(double budget) {
    int rows = 1024;
    int channels = 64;
    var plan = new CutPlan(channels, rows, budget, budget, 100, 7);
    LearnedCodec owner = codecs.open("amaqec", plan);
    LearnedPeer peer = codecs.openPeer("amaqec", plan);
    var bytes = new byte[owner.maxEncodedLength(rows)];
    var received = new float[rows * channels];
    long forward = 0;
    long back = 0;
    int messages = 24;
    for (int message = 0; message < messages; message++) {
      float[] activations = CutSamples.activations(rows, channels, 5);
      CutRows cut = CutRows.ordinary(message, rows);
      byte[] table = owner.takeTable();
      if (table.length > 0) {
        peer.acceptTable(table, 0, table.length);
      }
      int length = owner.encode(cut, activations, 0, bytes, 0);
      forward += table.length + length;
      peer.decode(bytes, 0, length, received, 0);
      back += peer.encodeGradient(cut, activations, 0, bytes, 0);
      owner.feedback(cut, activations, 0, received, 0);
      owner.update();
    }
    double values = (double) messages * rows * channels;
    assertThat(8 * forward / values).isBetween(budget * 0.95, budget * 1.02);
    assertThat(8 * back / values).isBetween(budget * 0.95, budget * 1.02);
  }
}
