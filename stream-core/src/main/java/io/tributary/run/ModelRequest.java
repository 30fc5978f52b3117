package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;

/**
 * A reader asks a server for a model that it offers. Whatever the reader holds of it, it says when
 * the stream opens.
 *
 * @param model the name under which it is offered, or null if the server offers only one
 */
public record ModelRequest(@JsonSetter(nulls = Nulls.SET) @Nullable String model) {
  /** Checks the name. */
  public ModelRequest {
    if (model != null) {
      ModelOffer.checkName(model);
    }
  }
}
