package io.tributary.bench.diloco.effect;

import io.tributary.codec.CodecChoice;
import io.tributary.codec.CodecPolicy;
import io.tributary.codec.CodecRegistry;
import io.tributary.error.Errors;
import io.tributary.run.ExchangeInterval;
import java.util.ArrayList;
import java.util.List;

/** Which methods a study compares. */
final class MethodList {
  /** Codecs of a few bits, with and without error feedback; those that aren't installed are not. */
  private static final List<String> FEW_BITS =
      List.of("e3m0", "int4block", "int2block", "ecq:2b", "ecq:1.5b");

  /** The same for fewer and fewer bytes. */
  private static final List<String> FEWER_BITS =
      List.of("e3m0", "int2block", "ecq:2b", "ecq:1.5b", "ecq:1b");

  private static final List<String> SPARSE = List.of("topk:0.03-2b+ef", "topk:0.01-2b+ef");
  private static final String E3M0 = "e3m0";
  private static final String FEEDBACK = "+ef";

  private final CodecRegistry registry = CodecRegistry.load();
  private final List<StudyMethod> methods = new ArrayList<>();
  private final List<String> outer;
  private final List<Float> alphas;

  private MethodList(StudyScale scale, List<String> outer, List<Float> alphas) {
    this.outer = outer;
    this.alphas = alphas;
    methods.add(StudyMethod.dataParallel());
    methods.add(StudyMethod.alone());
    methods.add(StudyMethod.diloco(ExchangeInterval.fixed(scale.interval())));
  }

  /** What streaming, coding, feedback, freezing, eagerness and growth of H do at one H. */
  static List<StudyMethod> effect(StudyScale scale, List<String> outer, List<Float> alphas) {
    var list = new MethodList(scale, outer, alphas);
    ExchangeInterval h = ExchangeInterval.fixed(scale.interval());
    var growing = new ExchangeInterval(scale.interval() / 3, scale.interval());
    list.add(StudyMethod.streaming(StudyMethod.LOSSLESS, h));
    list.methods.add(StudyMethod.frozen(h));
    list.methods.add(StudyMethod.averaging(StudyMethod.LOSSLESS, h));
    for (String codec : list.installed(FEW_BITS)) {
      list.add(StudyMethod.streaming(codec, h));
      list.add(StudyMethod.streaming(codec + FEEDBACK, h));
      list.methods.add(StudyMethod.averaging(codec + FEEDBACK, h));
    }
    for (String codec : list.installed(SPARSE)) {
      list.methods.add(StudyMethod.sparseLoco(codec, h));
    }
    list.add(StudyMethod.eager(StudyMethod.LOSSLESS, h));
    list.add(StudyMethod.eager(E3M0, h));
    list.add(StudyMethod.streaming(E3M0, growing));
    return list.methods;
  }

  /** Codecs and intervals against each other. */
  static List<StudyMethod> frontier(
      StudyScale scale, List<ExchangeInterval> intervals, List<String> outer, List<Float> alphas) {
    var list = new MethodList(scale, outer, alphas);
    for (ExchangeInterval h : intervals) {
      list.add(StudyMethod.streaming(StudyMethod.LOSSLESS, h));
      for (String codec : list.installed(FEWER_BITS)) {
        list.add(StudyMethod.streaming(codec, h));
      }
      for (String codec : list.installed(SPARSE)) {
        list.methods.add(StudyMethod.sparseLoco(codec, h));
      }
      list.add(StudyMethod.eager(E3M0, h));
    }
    return list.methods;
  }

  /**
   * The given codecs with the given intervals, optimizers and shares of local values, with float32
   * and baselines or without.
   */
  static List<StudyMethod> asked(
      StudyScale scale,
      List<ExchangeInterval> intervals,
      List<String> codecs,
      List<String> outer,
      List<Float> alphas,
      boolean baselines) {
    var list = new MethodList(scale, outer, alphas);
    if (!baselines) {
      list.methods.clear();
    }
    for (ExchangeInterval h : intervals) {
      if (baselines) {
        list.methods.add(StudyMethod.streaming(StudyMethod.LOSSLESS, h));
      }
      for (String codec : codecs) {
        list.check(codec);
        list.add(StudyMethod.streaming(codec, h));
      }
    }
    return list.methods;
  }

  private void check(String codec) {
    String[] policies = codec.split(StudyMethod.UP_AND_DOWN, -1);
    if (policies.length > 2 || List.of(policies).contains("")) {
      throw Errors.invalidSetting("--codec", codec, "one policy, or one up and one down");
    }
    for (String policy : policies) {
      if (!CodecPolicy.parse(policy, registry).isFixed()) {
        throw Errors.invalidSetting("--codec", codec, "a policy that leaves no choice");
      }
    }
  }

  /** Adds a method with each optimizer and each share of local values, or with its own. */
  private void add(StudyMethod method) {
    for (String optimizer : outer.isEmpty() ? List.of(method.outer()) : outer) {
      for (float alpha : alphas.isEmpty() ? List.of(method.mixing()) : alphas) {
        methods.add(method.outer(optimizer).mixing(alpha));
      }
    }
  }

  private List<String> installed(List<String> codecs) {
    return codecs.stream()
        .filter(
            codec ->
                registry.providers().stream()
                    .anyMatch(p -> p.id().name().equals(CodecChoice.parse(codec).name())))
        .toList();
  }
}
