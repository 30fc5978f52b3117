package io.tributary.coordinator.outer;

import io.tributary.error.Errors;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a change of the outer parameters out of the mean outer gradient of a round. Every product
 * and sum is rounded to float32 by itself, in the order that the definition has, so the bits don't
 * depend on the machine.
 *
 * <p>What an optimizer remembers of a tensor lives with its fragment, outside of the optimizer.
 * Implementations are immutable and safe for any thread.
 */
public sealed interface OuterOptimizer permits NesterovOuterOptimizer, AveragingOuterOptimizer {
  /**
   * One step on one tensor.
   *
   * @param gradient the mean outer gradient, old minus new, on entry; the change on return
   * @param velocity what is remembered of this tensor, zeros at first; updated in place
   */
  void step(float[] gradient, float[] velocity);

  /**
   * The change that a gradient of one makes where nothing is remembered: by how much an eager agent
   * moves before it knows what the others bring.
   */
  float response();

  /**
   * Reads {@code nesterov:RATE,MOMENTUM} or {@code average:RATE}, with a rate above 0, at most 10,
   * and a momentum from 0 to below 1.
   *
   * @throws io.tributary.error.TributaryException {@code INVALID_SETTING} if it is neither
   */
  static OuterOptimizer parse(String text) {
    int colon = text.indexOf(':');
    String method = colon < 0 ? text : text.substring(0, colon);
    List<Float> numbers = colon < 0 ? List.of() : numbers(text, text.substring(colon + 1));
    if (method.equals("nesterov") && numbers.size() == 2) {
      return new NesterovOuterOptimizer(numbers.get(0), numbers.get(1));
    }
    if (method.equals("average") && numbers.size() == 1) {
      return new AveragingOuterOptimizer(numbers.get(0));
    }
    throw malformed(text);
  }

  private static List<Float> numbers(String text, String list) {
    var numbers = new ArrayList<Float>();
    for (String number : list.split(",", -1)) {
      try {
        numbers.add(Float.parseFloat(number));
      } catch (NumberFormatException e) {
        throw malformed(text);
      }
    }
    return numbers;
  }

  private static RuntimeException malformed(String text) {
    return Errors.invalidSetting(
        "outer", "'" + text + "'", "nesterov:RATE,MOMENTUM or average:RATE");
  }
}
