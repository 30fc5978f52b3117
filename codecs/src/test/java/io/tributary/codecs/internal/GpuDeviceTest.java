package io.tributary.codecs.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.codec.FloatBits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GpuDeviceTest {
  private static final int WITNESS_BYTES = 1 << 20;

  @Test
  void collectionsBetweenExecutingAndFetchingMoveNoWriteToOtherObjects() {
    if (!GpuDevice.failure().isEmpty()) {
      System.out.println("SKIPPED device memory: " + GpuDevice.failure());
      Assumptions.abort(GpuDevice.failure());
    }
    GpuLane.forEachSlice(
        1,
        (lane, slice) -> {
          var program = new TwiceProgram();
          GpuDevice.compile(program);
          execute(program, 1f);
          for (int i = 0; i < 3; i++) {
            System.gc();
            program.get(program.target);
            List<byte[]> witnesses = new ArrayList<>();
            for (int j = 0; j < 32; j++) {
              witnesses.add(new byte[WITNESS_BYTES]);
            }
            execute(program, 2f + i);
            assertThat(witnesses).allSatisfy(w -> assertThat(w).isEqualTo(new byte[WITNESS_BYTES]));
            program.get(program.target);
            var expected = new float[program.target.length];
            Arrays.fill(expected, 2f * program.source[0]);
            FloatBits.assertSame("fetched after a collection", program.target, expected);
          }
        });
  }

  private static void execute(TwiceProgram program, float value) {
    Arrays.fill(program.source, value);
    program.put(program.source);
    GpuDevice.execute(program, program.source.length / GpuProgram.ITEMS);
  }

  /** Writes twice what it reads. */
  static final class TwiceProgram extends GpuProgram {
    final float[] source = new float[1 << 16];
    final float[] target = new float[1 << 16];

    @Override
    public void run() {
      int i = getGlobalId();
      target[i] = 2f * source[i];
    }
  }
}
