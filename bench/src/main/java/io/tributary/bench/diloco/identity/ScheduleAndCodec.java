package io.tributary.bench.diloco.identity;

import io.tributary.agent.trainer.GptShape;
import io.tributary.bench.diloco.identity.IdentityStudy.Row;
import io.tributary.codec.CodecRegistry;
import io.tributary.codec.TensorCodec;
import io.tributary.coordinator.journal.Journal;
import io.tributary.coordinator.journal.RunRecord;
import io.tributary.coordinator.outer.FragmentOuterStep;
import io.tributary.coordinator.outer.WeightedContribution;
import io.tributary.run.EncodedPart;
import io.tributary.run.Exchange;
import io.tributary.run.ExchangeInterval;
import io.tributary.run.Fragment;
import io.tributary.run.FragmentMap;
import io.tributary.run.FragmentOrder;
import io.tributary.run.OuterParameters;
import io.tributary.run.RunManifest;
import io.tributary.run.SyncSchedule;
import io.tributary.run.TensorSlice;
import io.tributary.tensor.Initializer;
import io.tributary.tensor.ModelSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The schedule against its enumeration, the 4-bit format, and the sum of many contributions. */
final class ScheduleAndCodec {
  private static final String E3M0 = "e3m0";
  private static final int PEAK_FRAGMENTS = 8;
  private static final int HEADER_BYTES = 4;
  private static final int REPLICAS = 64;

  private final long seed;
  private final CodecRegistry codecs = CodecRegistry.load();

  ScheduleAndCodec(long seed) {
    this.seed = seed;
  }

  List<Row> check() {
    return List.of(schedule(), growingSchedule(), peak(), codes(), accumulation());
  }

  /** What a GPT of 8 layers exchanges after its busiest step but the last, against all of it. */
  private static Row peak() {
    ModelSchema schema = new GptShape(8, 4, 128, 128).schema();
    FragmentMap fragments = FragmentMap.strided(schema, PEAK_FRAGMENTS);
    int interval = 100;
    var schedule = new SyncSchedule(fragments.size(), 3 * interval, interval, 5);
    long most = 0;
    for (int step = 1; step < 3 * interval; step++) {
      long elements =
          schedule.sentAt(step).stream()
              .mapToLong(e -> fragments.fragment(e.fragment()).elements())
              .sum();
      most = Math.max(most, elements);
    }
    double share = (double) most / schema.parameters();
    return new Row(
        "with 8 fragments the peak is at most 1/7 of DiLoCo's",
        share <= 1.0 / 7,
        String.format(
            Locale.ROOT,
            "%d of %d parameters, 1/%.2f, the last exchange aside",
            most,
            schema.parameters(),
            1 / share));
  }

  /** Every exchange of every schedule up to some size, against (t - t_p) mod H = 0. */
  private static Row schedule() {
    int schedules = 0;
    int exchanges = 0;
    int wrong = 0;
    for (int interval = 1; interval <= 24; interval++) {
      for (int fragments = 1; fragments <= interval; fragments++) {
        int steps = fragments * interval;
        var schedule = new SyncSchedule(fragments, steps, interval, interval / 2);
        schedules++;
        for (int p = 0; p < fragments; p++) {
          int offset = (int) ((long) p * interval / fragments);
          var expected = new ArrayList<Integer>();
          for (int t = 1; t <= steps; t++) {
            if (Math.floorMod(t - offset, interval) == 0) {
              expected.add(t);
            }
          }
          var found = new ArrayList<Integer>();
          for (int t = 1; t <= steps; t++) {
            for (Exchange exchange : schedule.sentAt(t)) {
              if (exchange.fragment() == p) {
                found.add(t);
              }
            }
          }
          boolean flushed = expected.get(expected.size() - 1) != steps;
          if (flushed) {
            expected.add(steps);
          }
          exchanges += found.size();
          boolean regular = found.size() - (flushed ? 1 : 0) == fragments;
          wrong += regular && found.equals(expected) ? 0 : 1;
        }
      }
    }
    return new Row(
        "over P·H steps each fragment is sent P times, H apart, and once more at the end if the last"
            + " step isn't one of them",
        wrong == 0,
        schedules + " schedules, " + exchanges + " exchanges, " + wrong + " fragments differ");
  }

  /** The 15 values of E3M0 times a scale: exact, symmetric, in order; error within a third. */
  private Row codes() {
    TensorCodec codec = codecs.codec(E3M0);
    var exact = new float[256];
    for (int i = 0; i < exact.length; i++) {
      int magnitude = i % 8;
      float value = magnitude == 0 ? 0 : (float) Math.scalb(1.0, magnitude - 7);
      exact[i] = i % 16 < 8 || magnitude == 0 ? value : -value;
    }
    boolean exactly = Arrays.equals(exact, roundTrip(codec, exact));
    var random = new Random(seed);
    var values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 4;
    float[] found = roundTrip(codec, values);
    var negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    float[] mirrored = roundTrip(codec, negated);
    double worst = 0;
    boolean symmetric = true;
    for (int i = 0; i < values.length; i++) {
      symmetric &= mirrored[i] == -found[i];
      if (Math.abs(values[i]) >= 4 * 0x1.0p-6) {
        worst = Math.max(worst, Math.abs(found[i] - values[i]) / Math.abs(values[i]));
      }
    }
    boolean zeros = Arrays.equals(new float[256], roundTrip(codec, new float[256]));
    int length = codec.encode(values, 0, 256, new byte[codec.maxEncodedLength(256)], 0);
    boolean packed = length == HEADER_BYTES + Short.BYTES + 256 / 2;
    // The scale is rounded up by at most one part in 128, which adds to a third.
    return new Row(
        "E3M0: all codes round trip, sign symmetry, zeros, relative error within a third, packed size"
            + " exact",
        exactly && symmetric && zeros && packed && worst <= 1.0 / 3 + 1.0 / 100,
        String.format(Locale.ROOT, "largest relative error %.4f, %d bytes for 256", worst, length));
  }

  /** Every exchange of intervals that grow, against cycles written down one after the other. */
  private static Row growingSchedule() {
    int schedules = 0;
    int exchanges = 0;
    int wrong = 0;
    for (int first = 1; first <= 8; first++) {
      for (int last = first + 1; last <= 24; last++) {
        for (int fragments = 1; fragments <= first; fragments++) {
          int steps = 10 * last;
          var schedule =
              new SyncSchedule(fragments, steps, new ExchangeInterval(first, last), first - 1);
          schedules++;
          List<List<Integer>> expected = cycles(fragments, steps, first, last);
          for (int p = 0; p < fragments; p++) {
            var found = new ArrayList<Integer>();
            for (int version = 1; version <= schedule.lastVersion(p); version++) {
              found.add(schedule.exchange(p, version).sendStep());
            }
            exchanges += found.size();
            wrong += found.equals(expected.get(p)) ? 0 : 1;
          }
        }
      }
    }
    return new Row(
        "with an interval that grows each cycle has the H of the step that it begins after",
        wrong == 0,
        schedules + " schedules, " + exchanges + " exchanges, " + wrong + " fragments differ");
  }

  /** The steps in which each fragment is sent, the flush included. */
  private static List<List<Integer>> cycles(int fragments, int steps, int first, int last) {
    List<List<Integer>> sent = new ArrayList<>();
    for (int p = 0; p < fragments; p++) {
      var of = new ArrayList<Integer>();
      for (int begin = 0; begin < steps; ) {
        int h = first + (last - first) * begin / steps;
        int step = begin + (p == 0 ? h : p * h / fragments);
        if (step <= steps) {
          of.add(step);
        }
        begin += h;
      }
      if (of.get(of.size() - 1) != steps) {
        of.add(steps);
      }
      sent.add(of);
    }
    return sent;
  }

  private static float[] roundTrip(TensorCodec codec, float[] values) {
    var bytes = new byte[codec.maxEncodedLength(values.length)];
    int length = codec.encode(values, 0, values.length, bytes, 0);
    var decoded = new float[values.length];
    codec.decode(bytes, 0, length, values.length, decoded, 0);
    for (int i = 0; i < decoded.length; i++) {
      decoded[i] += 0f; // -0 is 0
    }
    return decoded;
  }

  /** The product's outer step on equal contributions: their mean is one of them. */
  private Row accumulation() {
    RunManifest manifest =
        new RunManifest(
            RunManifest.FORMAT,
            "0".repeat(32),
            seed,
            REPLICAS,
            REPLICAS,
            2,
            ExchangeInterval.fixed(1),
            FragmentOrder.STRIDED,
            1,
            0,
            0,
            0,
            "nesterov:1,0",
            "none",
            E3M0,
            "raw32",
            StudyModels.layered(2, 5000, Initializer.constant(0)));
    Fragment fragment = manifest.fragmentMap().fragment(0);
    TensorCodec codec = codecs.codec(E3M0);
    var random = new Random(seed);
    List<byte[]> encoded = new ArrayList<>();
    List<float[]> decoded = new ArrayList<>();
    for (TensorSlice slice : fragment.slices()) {
      var values = new float[slice.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      var bytes = new byte[codec.maxEncodedLength(values.length)];
      bytes = Arrays.copyOf(bytes, codec.encode(values, 0, values.length, bytes, 0));
      codec.decode(bytes, 0, bytes.length, values.length, values, 0);
      encoded.add(bytes);
      decoded.add(values);
    }
    var contributions = new ArrayList<WeightedContribution>();
    for (int p = 0; p < REPLICAS; p++) {
      contributions.add(new WeightedContribution(100, chunks(p, fragment, decoded, codec)));
    }
    OuterParameters theta = OuterParameters.initial(manifest.schema(), seed);
    List<EncodedPart> change =
        new FragmentOuterStep(manifest, theta, codecs)
            .make(fragment, 1, contributions, c -> ByteBuffer.wrap(encoded.get(c.index())))
            .parts();
    double worst = 0;
    for (int t = 0; t < change.size(); t++) {
      var mean = new float[decoded.get(t).length];
      byte[] bytes = change.get(t).bytes();
      codecs.codec("raw32").decode(bytes, 0, bytes.length, mean.length, mean, 0);
      for (int i = 0; i < mean.length; i++) {
        double expected = decoded.get(t)[i];
        worst = Math.max(worst, Math.abs(mean[i] - expected) / Math.max(1e-30, Math.abs(expected)));
      }
    }
    return new Row(
        "the mean of 64 equal contributions is one of them to 1e-6",
        worst <= 1e-6,
        String.format(Locale.ROOT, "largest relative difference %.1e", worst));
  }

  private static List<RunRecord.Chunk> chunks(
      int participant, Fragment fragment, List<float[]> values, TensorCodec codec) {
    var chunks = new ArrayList<RunRecord.Chunk>();
    for (int t = 0; t < values.size(); t++) {
      chunks.add(
          new RunRecord.Chunk(
              participant,
              fragment.index(),
              1,
              t,
              fragment.slices().get(t).tensor(),
              0,
              values.get(t).length,
              codec.id().number(),
              codec.id().version(),
              new Journal.Position(0, 0, 0)));
    }
    return chunks;
  }
}
