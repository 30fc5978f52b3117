package io.tributary.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tributary.codec.TensorCodec;
import io.tributary.run.EncodedPart;
import io.tributary.run.RunManifest;
import io.tributary.run.TensorSlice;
import io.tributary.run.TestModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is said of a change, and that nobody waits for it. */
class SpectrumTelemetryTest {
  private static final RunManifest RUN = TestModels.manifest(2, 2);

  private final BlockingQueue<RunEvent.Spectrum> found = new LinkedBlockingQueue<>();

  /** A change whose tensors all have one direction, a row longer than the others. */
  private static List<EncodedPart> oneDirection(int fragment) {
    TensorCodec codec = TestContributions.CODECS.codec("raw32");
    var parts = new ArrayList<EncodedPart>();
    for (TensorSlice slice : RUN.fragmentMap().fragment(fragment).slices()) {
      var shape = RUN.schema().tensors().get(slice.tensor()).shape();
      int width = shape.get(shape.size() - 1);
      var values = new float[slice.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (i / width == 1 ? 100 : 1) * (i % width + 1);
      }
      var bytes = new byte[codec.maxEncodedLength(values.length)];
      int length = codec.encode(values, 0, values.length, bytes, 0);
      parts.add(
          new EncodedPart(
              slice.tensor(),
              slice.first(),
              slice.count(),
              codec.id().number(),
              codec.id().version(),
              Arrays.copyOf(bytes, length)));
    }
    return parts;
  }

  @Test
  void aChangeOfOneDirectionIsSaidToBeOne() throws InterruptedException {
    try (var telemetry = new SpectrumTelemetry(1, TestContributions.CODECS, found::add)) {
      for (int fragment = 0; fragment < RUN.fragmentMap().size(); fragment++) {
        telemetry.look(RUN, fragment, 3, oneDirection(fragment));
        RunEvent.Spectrum spectrum = next();
        assertThat(spectrum.fragment()).isEqualTo(fragment);
        assertThat(spectrum.version()).isEqualTo(3);
        assertThat(spectrum.tensors()).isNotEmpty();
        for (RunEvent.TensorSpectrum tensor : spectrum.tensors()) {
          assertThat(tensor.tensor()).matches("embedding|layer.\\d.matrix");
          assertThat(tensor.topShare()).isCloseTo(1, within(1e-6));
          assertThat(tensor.topEigenvalue()).isPositive();
          assertThat(tensor.gap()).isNull();
          assertThat(tensor.heavyRows()).isEqualTo(1);
          assertThat(tensor.moreHeavyRows()).isFalse();
        }
      }
    }
  }

  @Test
  void aRandomChangeHasAGap() throws InterruptedException {
    try (var telemetry = new SpectrumTelemetry(1, TestContributions.CODECS, found::add)) {
      telemetry.look(RUN, 0, 1, TestContributions.parts(RUN, 0, 0, 1));
      RunEvent.TensorSpectrum tensor = next().tensors().get(0);
      assertThat(tensor.topShare()).isBetween(1.0 / tensor.width(), 1.0);
      assertThat(tensor.gap()).isGreaterThanOrEqualTo(1);
    }
  }

  @Test
  void versionsBetweenAndThoseThatComeTooFastArePassedOver() throws InterruptedException {
    var mayGoOn = new CountDownLatch(1);
    try (var telemetry =
        new SpectrumTelemetry(
            4,
            TestContributions.CODECS,
            spectrum -> {
              try {
                mayGoOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              found.add(spectrum);
            })) {
      assertThat(telemetry.wants(3)).isFalse();
      assertThat(telemetry.wants(4)).isTrue();
      telemetry.look(RUN, 0, 4, oneDirection(0));
      assertThat(telemetry.wants(8)).isFalse();
      mayGoOn.countDown();
      next();
    }
  }

  /** A change that can't be decoded is a line in the log, and the next one is looked at. */
  @Test
  void aDamagedChangeIsNoHarm() throws InterruptedException {
    try (var telemetry = new SpectrumTelemetry(1, TestContributions.CODECS, found::add)) {
      EncodedPart whole = oneDirection(0).get(0);
      var damaged =
          new EncodedPart(
              whole.tensor(),
              whole.first(),
              whole.count(),
              whole.codec(),
              whole.codecVersion(),
              new byte[1]);
      telemetry.look(RUN, 0, 1, List.of(damaged));
      telemetry.look(RUN, 0, 2, oneDirection(0));
      assertThat(next().version()).isEqualTo(2);
    }
  }

  private RunEvent.Spectrum next() throws InterruptedException {
    RunEvent.Spectrum spectrum = found.poll(60, TimeUnit.SECONDS);
    assertThat(spectrum).isNotNull();
    return java.util.Objects.requireNonNull(spectrum);
  }
}
