package io.tributary.codecs.ecq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.SeededRandom;
import io.tributary.codecs.internal.SimdSupport;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The entropy coder alone: what its definition promises, and that vectors do the same. */
class EcqStreamsTest {
  private static final List<Integer> COUNTS = List.of(1, 15, 16, 31, 33, 64, 100, 1000, 1027, 9999);
  private static final int LIMIT = 20;

  @RegisterExtension final SeededRandom random = new SeededRandom();

  private final EcqTables tables = new EcqTables();

  @Test
  void codesComeBackAndWordsAreUsedUp() {
    for (int streams : List.of(EcqStates.FEW, EcqStates.MANY)) {
      COUNTS.forEach(count -> check(new EcqScalarKernel(), streams, count));
    }
  }

  @Test
  void vectorsDoTheSame() {
    Assumptions.assumeTrue(SimdSupport.unusableBecause().isEmpty(), "no vectors");
    for (int streams : List.of(EcqStates.FEW, EcqStates.MANY)) {
      COUNTS.forEach(count -> check(new EcqSimdKernel(), streams, count));
    }
  }

  private void check(EcqKernel kernel, int streams, int count) {
    byte[] classes = classes(count);
    byte[] codes = codes(count, classes);
    var expected = new EcqStates();
    var states = new EcqStates();
    var target = new byte[2 * count + 128];
    var words = target.clone();
    expected.start(streams);
    states.start(streams);
    int end = target.length;
    int begin = EcqRans.encode(expected, codes, 0, count, classes, tables.entries, target, end);
    int found = kernel.encode(states, codes, count, classes, tables.entries, words, end);
    assertThat(Arrays.copyOfRange(words, found, end))
        .isEqualTo(Arrays.copyOfRange(target, begin, end));
    assertThat(states.states).isEqualTo(expected.states);

    int[] before = states.states.clone();
    var decoded = new byte[count];
    int next = kernel.decode(states, words, found, end, decoded, count, classes, tables.slots);
    assertThat(next).isEqualTo(end);
    assertThat(states.atBeginning()).isTrue();
    assertThat(decoded).isEqualTo(codes);

    if (found < end) {
      System.arraycopy(before, 0, states.states, 0, before.length);
      int cut = kernel.decode(states, words, found, end - 2, decoded, count, classes, tables.slots);
      assertThat(cut).isEqualTo(-1);
    }
  }

  /** Two classes of which one has hardly any code but zero, and their tables. */
  private byte[] classes(int count) {
    var classes = new byte[EcqLayout.blocks(count)];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) (i % 3 == 0 ? 1 : 0);
    }
    var counts = new int[2 * EcqLayout.ALPHABET];
    for (int code = -LIMIT; code <= LIMIT; code++) {
      counts[EcqLayout.ZERO + code] = 1 << LIMIT - Math.abs(code);
    }
    counts[EcqLayout.ALPHABET + EcqLayout.ZERO] = 1 << LIMIT;
    for (int group = 0; group < 2; group++) {
      tables.normalize(counts, group * EcqLayout.ALPHABET, LIMIT, group);
      tables.prepareEncoder(group, LIMIT);
      tables.prepareDecoder(group, LIMIT);
    }
    return classes;
  }

  private byte[] codes(int count, byte[] classes) {
    var codes = new byte[count];
    for (int i = 0; i < count; i++) {
      boolean any = classes[i / EcqLayout.BLOCK] == 0 || random.nextInt(100) == 0;
      int code = any ? random.nextInt(2 * LIMIT + 1) - LIMIT : 0;
      codes[i] = (byte) (EcqLayout.ZERO + code);
    }
    return codes;
  }
}
