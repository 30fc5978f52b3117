package io.tributary.codecs.amaqec;

import static io.tributary.codecs.channelwise.ChannelHeader.expect;

import io.tributary.codec.CodecRegistry;
import io.tributary.codec.CutPlan;
import io.tributary.codec.CutRows;
import io.tributary.codec.TensorCodec;
import io.tributary.codecs.channelwise.ChannelHeader;
import io.tributary.codecs.channelwise.ChannelRows;
import io.tributary.codecs.channelwise.CutBounds;
import io.tributary.error.TributaryException;
import java.util.Arrays;
import java.util.Objects;

/** Writes and reads messages of either direction. Belongs to one thread. */
final class AmaqecMessages {
  /** Rows and channels that are turned together, by way of a square that stays in the cache. */
  private static final int ROWS = 64;

  private static final int CHANNELS = 64;

  /**
   * Rows, and channels, whose squares come one after the other. Each lies in a page of memory of
   * its own, and processors translate some thousand pages' addresses without a look-up.
   */
  private static final int REGION = 512;

  private final CutPlan plan;
  private final CodecRegistry codecs;
  private final ChannelRows selected = new ChannelRows();
  private final float[] means;
  private final float[] weights;
  private final float[] square = new float[ROWS * CHANNELS];
  private float[] turned = new float[0];

  AmaqecMessages(CutPlan plan, CodecRegistry codecs) {
    this.plan = plan;
    this.codecs = codecs;
    means = new float[plan.channels()];
    weights = new float[plan.channels()];
  }

  /** The most bytes of a message, whatever its rate. */
  int maxLength(int rows) {
    int values = plan.values(rows);
    int body = AmaqecBudget.decoder(codecs).maxEncodedLength(values);
    return Math.addExact(ChannelHeader.maxLength(rows), body);
  }

  /**
   * Writes a message.
   *
   * @param content of the table, no bytes for version 0
   * @param what the values are, for errors
   */
  int encode(
      String what,
      CutRows rows,
      int version,
      byte[] content,
      AmaqecBudget budget,
      float[] source,
      int from,
      byte[] target,
      int at) {
    CutBounds.checkRows(rows, plan);
    int channels = plan.channels();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), source.length);
    Objects.checkFromIndexSize(at, maxLength(rows.count()), target.length);
    int head =
        ChannelHeader.write(
            ChannelHeader.Form.OTHER, 0, version, 0, channels, rows.withoutSamples(), target, at);
    selected.select(rows, channels, from, true);
    int values = selected.count * channels;
    load(content, false);
    room(values);
    forEachSquare((row, channel) -> turn(source, row, channel));
    TensorCodec coder = budget.coder(values);
    int body;
    try {
      body = coder.encode(turned, 0, values, target, at + head);
    } catch (TributaryException e) {
      // The coder looks at all values anyway, but knows no rows.
      CutBounds.checkFinite(what, rows, source, from, channels);
      throw e;
    }
    budget.spend(head + body, values);
    return head + body;
  }

  /** Reads the body of a message whose table is known. */
  void decode(
      ChannelHeader head,
      byte[] content,
      byte[] source,
      int at,
      int length,
      float[] target,
      int from) {
    int channels = plan.channels();
    expect(head.form() == ChannelHeader.Form.OTHER, 0, "form 3");
    expect(head.channels() == channels, 8, channels + " channels, found " + head.channels());
    CutRows rows = head.rows();
    Objects.checkFromIndexSize(from, plan.values(rows.count()), target.length);
    selected.select(rows, channels, from, true);
    int values = selected.count * channels;
    load(content, true);
    room(values);
    AmaqecBudget.decoder(codecs)
        .decode(source, at + head.length(), length - head.length(), values, turned, 0);
    if (rows.hasKinds()) {
      Arrays.fill(target, from, from + plan.values(rows.count()), 0f);
    }
    forEachSquare((row, channel) -> turnBack(target, row, channel));
  }

  /** What is done with the square that begins at a row and a channel. */
  @FunctionalInterface
  private interface SquareWork {
    void run(int row, int channel);
  }

  private void forEachSquare(SquareWork work) {
    for (int firstRow = 0; firstRow < selected.count; firstRow += REGION) {
      int rows = Math.min(selected.count, firstRow + REGION);
      for (int first = 0; first < means.length; first += REGION) {
        int channels = Math.min(means.length, first + REGION);
        for (int row = firstRow; row < rows; row += ROWS) {
          for (int c = first; c < channels; c += CHANNELS) {
            work.run(row, c);
          }
        }
      }
    }
  }

  /** Brings a channel's values of some rows together, for some channels. */
  private void turn(float[] source, int row, int channel) {
    int rows = Math.min(ROWS, selected.count - row);
    int channels = Math.min(CHANNELS, means.length - channel);
    for (int i = 0; i < rows; i++) {
      int from = selected.at[row + i] + channel;
      for (int k = 0; k < channels; k++) {
        square[i * CHANNELS + k] = (source[from + k] - means[channel + k]) * weights[channel + k];
      }
    }
    for (int k = 0; k < channels; k++) {
      int to = (channel + k) * selected.count + row;
      for (int i = 0; i < rows; i++) {
        turned[to + i] = square[i * CHANNELS + k];
      }
    }
  }

  /** The way back. */
  private void turnBack(float[] target, int row, int channel) {
    int rows = Math.min(ROWS, selected.count - row);
    int channels = Math.min(CHANNELS, means.length - channel);
    for (int k = 0; k < channels; k++) {
      int from = (channel + k) * selected.count + row;
      for (int i = 0; i < rows; i++) {
        square[i * CHANNELS + k] = turned[from + i];
      }
    }
    for (int i = 0; i < rows; i++) {
      int to = selected.at[row + i] + channel;
      for (int k = 0; k < channels; k++) {
        float value = square[i * CHANNELS + k];
        target[to + k] = Math.fma(value, weights[channel + k], means[channel + k]);
      }
    }
  }

  private void room(int values) {
    if (turned.length < values) {
      turned = new float[values];
    }
  }

  private void load(byte[] content, boolean reciprocal) {
    int channels = means.length;
    for (int c = 0; c < channels; c++) {
      means[c] = content.length == 0 ? 0f : AmaqecTable.mean(content, c);
      weights[c] =
          content.length == 0
              ? 1f
              : reciprocal
                  ? AmaqecTable.reciprocal(content, channels, c)
                  : AmaqecTable.weight(content, channels, c);
    }
  }
}
