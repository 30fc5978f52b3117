package io.tributary.codecs.directions;

import io.tributary.codec.CodecId;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.LearnedCodec;
import io.tributary.codec.RowKind;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.ErrorCode;
import io.tributary.error.TributaryException;
import io.tributary.sketch.RowSketch;
import io.tributary.sketch.SketchOptions;
import io.tributary.sketch.SketchRegistry;
import io.tributary.sketch.SketchResult;
import io.tributary.store.FloatArrays;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The end of a cut whose activations may have directions. */
final class DirectionsCodec implements LearnedCodec {
  static final CodecId ID = new CodecId(0x0044, "directions", 2, 2);

  /** Messages after which directions are chosen anew; the first message has a choice of its own. */
  static final int WINDOW = 16;

  private static final String SKETCH = "random-order";
  private static final int MOST_UNDER_WAY = 4096;
  private static final byte[] NOTHING = {};

  private final CutPlan plan;
  private final int most;
  private final DirectionsMessages messages;
  private final TensorCodec half;
  private final SketchRegistry sketches = SketchRegistry.load();
  private final Map<Integer, CutRows> underWay = new HashMap<>();
  private final float[] basis;
  private RowSketch sketch;
  private int count;
  private int seen;

  DirectionsCodec(CodecRegistry codecs, CutPlan plan, int most) {
    this.plan = plan;
    this.most = Math.min(most, plan.channels() - 1);
    messages = new DirectionsMessages(codecs, plan);
    half = codecs.codec("fp16");
    basis = new float[DirectionsMessages.MOST * plan.channels()];
    sketch = newSketch();
  }

  private RowSketch newSketch() {
    // One more than may be sent: the gap behind the last one decides.
    int directions = Math.min(DirectionsMessages.MOST + 1, plan.channels());
    return sketches.create(
        SKETCH, SketchOptions.of(plan.channels()).withDirections(directions).withSeed(plan.seed()));
  }

  @Override
  public CodecId id() {
    return ID;
  }

  @Override
  public int maxEncodedLength(int rows) {
    return messages.maxLength(rows);
  }

  @Override
  public byte[] takeTable() {
    return NOTHING;
  }

  @Override
  public byte[] answer(byte[] request) {
    throw new TributaryException(
        ErrorCode.UNKNOWN_TABLE, "request for a table: expected none, directions has no tables");
  }

  @Override
  public int encode(CutRows rows, float[] source, int from, byte[] target, int at) {
    if (underWay.size() >= MOST_UNDER_WAY && !underWay.containsKey(rows.message())) {
      throw new TributaryException(
          ErrorCode.LIMIT_EXCEEDED,
          "messages across a cut without feedback: expected at most "
              + MOST_UNDER_WAY
              + ", found one more, number "
              + rows.message());
    }
    if (most > 0) {
      CutBounds.checkRows(rows, plan);
      Objects.checkFromIndexSize(from, plan.values(rows.count()), source.length);
      Objects.checkFromIndexSize(at, maxEncodedLength(rows.count()), target.length);
      CutBounds.checkFinite("activations", rows, source, from, plan.channels());
      learn(rows, source, from);
    }
    int length = messages.encode("activations", rows, basis, count, source, from, target, at);
    underWay.put(rows.message(), rows);
    return length;
  }

  /** Shows a message's rows to the sketch, and chooses directions when it is time. */
  private void learn(CutRows rows, float[] source, int from) {
    int channels = plan.channels();
    int shown = 0;
    for (int row = 0; row < rows.count(); row++) {
      if (rows.kind(row) != RowKind.PADDING.number()) {
        sketch.update(source, from + row * channels, 1, channels);
        shown++;
      }
    }
    seen++;
    if (shown > 0 && (seen == 1 || seen % WINDOW == 0)) {
      choose(sketch.result(), shown);
      if (seen > 1) {
        sketch = newSketch();
      }
    }
  }

  private void choose(SketchResult result, int rows) {
    int channels = plan.channels();
    count = DirectionChoice.best(result, channels, rows, most);
    Arrays.fill(basis, 0);
    for (int k = 0; k < count; k++) {
      double[] vector = result.directions().get(k).vector();
      for (int c = 0; c < channels; c++) {
        basis[k * channels + c] = (float) vector[c];
      }
    }
    var bytes = new byte[half.maxEncodedLength(basis.length)];
    int length = half.encode(basis, 0, basis.length, bytes, 0);
    half.decode(bytes, 0, length, basis.length, basis, 0);
  }

  /** The directions that are tried at present. */
  int count() {
    return count;
  }

  @Override
  public void decodeGradient(
      CutRows rows, byte[] source, int at, int length, float[] target, int from) {
    ChannelHeader head = ChannelHeader.read(source, at, length, plan.maxRows(), Integer.MAX_VALUE);
    boolean same = head.rows().sameAs(rows.withoutSamples());
    ChannelHeader.expect(same, 4, "gradients of the rows of message " + rows.message());
    var unused = messages.decode(source, at, length, target, from);
  }

  @Override
  public void feedback(
      CutRows rows, float[] activations, int from, float[] gradients, int gradientsFrom) {
    CutRows sent = underWay.remove(rows.message());
    if (sent == null || !sent.sameAs(rows)) {
      throw new TributaryException(
          ErrorCode.PROTOCOL_VIOLATION,
          "feedback: expected a message under way, found message " + rows.message());
    }
    CutBounds.checkFinite("gradients", rows, gradients, gradientsFrom, plan.channels());
  }

  @Override
  public void abandon(CutRows rows) {
    underWay.remove(rows.message());
  }

  @Override
  public void update() {}

  /** The budget of every channel: how much less it takes, only the data know. */
  @Override
  public float[] bits() {
    var bits = new float[plan.channels()];
    Arrays.fill(bits, (float) plan.budgetBits());
    return bits;
  }

  @Override
  public void save(DataOutput out) throws IOException {
    out.writeInt(plan.channels());
    out.writeInt(seen);
    out.writeInt(count);
    FloatArrays.write(out, basis);
    sketch.save(out);
  }

  @Override
  public void restore(DataInput in) throws IOException {
    int channels = in.readInt();
    if (channels != plan.channels()) {
      throw CutBounds.otherPlan("directions", plan.channels() + " channels", channels);
    }
    seen = in.readInt();
    count = in.readInt();
    if (count < 0 || count > most) {
      throw CutBounds.otherPlan("directions", "at most " + most + " directions", count);
    }
    FloatArrays.read(in, basis);
    sketch = newSketch();
    sketch.restore(in);
    underWay.clear();
  }
}
