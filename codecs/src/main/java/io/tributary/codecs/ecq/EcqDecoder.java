package io.tributary.codecs.ecq;

import static io.tributary.codecs.ecq.EcqLayout.INT;
import static io.tributary.codecs.ecq.EcqLayout.corrupt;

import java.util.Arrays;

/** Decodes chunks one after the other; keeps nothing of one for the next but its arrays. */
final class EcqDecoder {
  private static final int INFINITY = 0x7F80_0000;
  private static final int MAGNITUDE = 0x7FFF_FFFF;

  private final EcqPlan plan = new EcqPlan();
  private final EcqTables tables = new EcqTables();
  private final EcqBinaryCoder coder = new EcqBinaryCoder();
  private final EcqStates streams = new EcqStates();
  private byte[] codes = new byte[0];
  private byte[] classes = new byte[0];
  private int[] places = new int[16];
  private float[] exceptions = new float[16];
  private boolean[] raw = new boolean[16];
  private float[] values = new float[0];

  /** Values of a chunk before they are added to others; grows as needed. */
  float[] values(int count) {
    if (values.length < count) {
      values = new float[count];
    }
    return values;
  }

  /** Decodes, or throws {@code CORRUPT_PAYLOAD} with part of the target changed. */
  void decode(
      EcqKernel kernel, byte[] source, int at, int length, int count, float[] target, int from) {
    if (length < 1) {
      throw corrupt(0, "expected at least 1 byte, found 0");
    }
    switch (source[at]) {
      case EcqLayout.FORM_ZEROS -> {
        expect(length, 1, count);
        Arrays.fill(target, from, from + count, 0f);
      }
      case EcqLayout.FORM_RAW -> {
        expect(length, 1 + (long) Float.BYTES * count, count);
        readRaw(source, at + 1, count, target, from);
      }
      case EcqLayout.FORM_FEW_STREAMS -> {
        streams.streams = EcqStates.FEW;
        readCoded(kernel, source, at, length, count, target, from);
      }
      case EcqLayout.FORM_MANY_STREAMS -> {
        streams.streams = EcqStates.MANY;
        readCoded(kernel, source, at, length, count, target, from);
      }
      default -> throw corrupt(0, "expected a form of 0 to 3, found " + source[at]);
    }
  }

  /** Puts exceptions into their places: float32 values, or those of which low bits are a part. */
  private void put(int found, boolean whole, float[] target, int from) {
    for (int i = 0; i < found; i++) {
      if (raw[i] == whole) {
        target[from + places[i]] = exceptions[i];
      }
    }
  }

  private static void expect(int length, long expected, int count) {
    if (length != expected) {
      throw corrupt(
          Math.min(length, expected),
          "expected " + expected + " bytes for " + count + " values, found " + length);
    }
  }

  private static void readRaw(byte[] source, int at, int count, float[] target, int from) {
    for (int i = 0; i < count; i++) {
      int bits = (int) INT.get(source, at + Float.BYTES * i);
      if ((bits & MAGNITUDE) >= INFINITY) {
        throw corrupt(1 + (long) Float.BYTES * i, "expected a finite number");
      }
      target[from + i] = Float.intBitsToFloat(bits);
    }
  }

  private void readCoded(
      EcqKernel kernel, byte[] source, int at, int length, int count, float[] target, int from) {
    if (length < EcqLayout.HEADER_BYTES) {
      throw corrupt(
          length, "expected at least " + EcqLayout.HEADER_BYTES + " bytes, found " + length);
    }
    if (count == 0) {
      throw corrupt(0, "expected form 0 for no values");
    }
    int groups = source[at + EcqLayout.CLASSES_OFFSET];
    plan.shift = source[at + EcqLayout.SHIFT_OFFSET];
    plan.step = Float.intBitsToFloat((int) INT.get(source, at + EcqLayout.STEP_OFFSET));
    System.arraycopy(source, at + EcqLayout.POINTS_OFFSET, plan.points, 0, EcqPlan.POINTS);
    int side = 0;
    for (int i = 0; i < 3; i++) {
      side |= (source[at + EcqLayout.SIDE_LENGTH_OFFSET + i] & 0xFF) << (Byte.SIZE * i);
    }
    if (plan.shift < 0 || plan.shift > EcqLayout.MAX_SHIFT) {
      throw corrupt(EcqLayout.SHIFT_OFFSET, "expected 0 to " + EcqLayout.MAX_SHIFT + " low bits");
    }
    if (groups < 1 || groups > EcqLayout.MAX_CLASSES) {
      throw corrupt(
          EcqLayout.CLASSES_OFFSET,
          "expected 1 to " + EcqLayout.MAX_CLASSES + " classes, found " + groups);
    }
    if (!EcqPlan.acceptsStep(plan.step)) {
      throw corrupt(
          EcqLayout.STEP_OFFSET, "expected a step from 2^-100 to 2^100, found " + plan.step);
    }
    int low = EcqLayout.HEADER_BYTES + side;
    long coded = low + ((long) count * plan.shift + 7) / 8;
    if (coded > length) {
      throw corrupt(
          length,
          "expected at least " + coded + " bytes for " + count + " values, found " + length);
    }
    coder.startDecoding(source, at + EcqLayout.HEADER_BYTES, side);
    int found = readSide(count, groups);
    readCodes(kernel, source, at, (int) coded, length, count);
    plan.restore(codes, count, target, from);
    put(found, false, target, from);
    if (plan.shift > 0) {
      addLow(source, at + low, count, target, from);
    }
    put(found, true, target, from);
  }

  /** Reads exceptions, tables and the map of classes; returns the number of exceptions. */
  private int readSide(int count, int groups) {
    int limit = coder.decodeEvenly(Byte.SIZE);
    if (!EcqTables.acceptsLimit(limit)) {
      throw corrupt(
          EcqLayout.HEADER_BYTES,
          "expected a largest code from 1 to " + EcqLayout.MAX_CODE + ", found " + limit);
    }
    int found = readExceptions(count, limit);
    for (int group = 0; group < groups; group++) {
      if (!tables.read(coder, group, limit)) {
        throw corrupt(
            EcqLayout.HEADER_BYTES,
            "expected frequencies that add up to " + EcqLayout.FREQUENCY_SUM);
      }
      tables.prepareDecoder(group, limit);
    }
    readMap(count, groups);
    plan.fillValues(limit);
    return found;
  }

  private int readExceptions(int count, int limit) {
    int found = 0;
    int at = coder.decodeNumber(EcqBinaryCoder.GAPS);
    while (at >= 0 && at < count) {
      if (found == places.length) {
        places = Arrays.copyOf(places, 2 * found);
        exceptions = Arrays.copyOf(exceptions, 2 * found);
        raw = Arrays.copyOf(raw, 2 * found);
      }
      places[found] = at;
      raw[found] = coder.decodeBit(EcqBinaryCoder.RAW_FLAG) != 0;
      exceptions[found] = raw[found] ? readFloat() : readException(limit);
      found++;
      // Wraps to a negative number where a gap is absurd.
      at += 1 + coder.decodeNumber(EcqBinaryCoder.GAPS);
    }
    if (at != count) {
      throw corrupt(EcqLayout.HEADER_BYTES, "expected exceptions within " + count + " values");
    }
    return found;
  }

  private float readFloat() {
    int high = coder.decodeEvenly(Short.SIZE);
    int bits = high << Short.SIZE | coder.decodeEvenly(Short.SIZE);
    if ((bits & MAGNITUDE) >= INFINITY) {
      throw corrupt(EcqLayout.HEADER_BYTES, "expected finite exceptions");
    }
    return Float.intBitsToFloat(bits);
  }

  private float readException(int limit) {
    int sign = coder.decodeBit(EcqBinaryCoder.SIGN);
    int above = coder.decodeNumber(EcqBinaryCoder.EXCEPTIONS);
    if (above > EcqLayout.mostAbove(plan.shift)) {
      throw corrupt(
          EcqLayout.HEADER_BYTES,
          "expected a code of at most " + EcqLayout.mostAbove(plan.shift) + " above the tables'");
    }
    int magnitude = limit + 1 + above;
    int code = sign != 0 ? -magnitude : magnitude;
    return plan.shift == 0 ? plan.value(code) : code << plan.shift;
  }

  private void readMap(int count, int groups) {
    int blocks = EcqLayout.blocks(count);
    if (classes.length < blocks) {
      classes = new byte[blocks];
    }
    if (groups == 1) {
      Arrays.fill(classes, 0, blocks, (byte) 0);
      return;
    }
    int before = 0;
    for (int block = 0; block < blocks; block++) {
      int model = EcqBinaryCoder.CLASSES + EcqLayout.MAX_CLASSES * before;
      int high = coder.decodeBit(model);
      before = 2 * high + coder.decodeBit(model + 1 + high);
      if (before >= groups) {
        throw corrupt(
            EcqLayout.HEADER_BYTES, "expected classes below " + groups + ", found " + before);
      }
      classes[block] = (byte) before;
    }
  }

  private void readCodes(
      EcqKernel kernel, byte[] source, int at, int offset, int length, int count) {
    int end = at + length;
    int next = at + offset + streams.bytes();
    if (next > end || !streams.read(source, at + offset)) {
      throw corrupt(
          Math.min(offset, length), "expected " + streams.streams + " states from 2^15 to 2^31");
    }
    if (codes.length < count) {
      codes = new byte[count];
    }
    next = kernel.decode(streams, source, next, end, codes, count, classes, tables.slots);
    if (next != end || !streams.atBeginning()) {
      throw corrupt(
          next < 0 ? length : next - at,
          "expected a stream of " + count + " codes that ends with the payload");
    }
  }

  private void addLow(byte[] source, int at, int count, float[] target, int from) {
    int shift = plan.shift;
    int mask = (1 << shift) - 1;
    long bits = 0;
    int held = 0;
    int next = at;
    for (int i = from; i < from + count; i++) {
      while (held < shift) {
        bits |= (source[next++] & 0xFFL) << held;
        held += Byte.SIZE;
      }
      target[i] = ((int) target[i] | ((int) bits & mask)) * plan.step;
      bits >>>= shift;
      held -= shift;
    }
  }
}
