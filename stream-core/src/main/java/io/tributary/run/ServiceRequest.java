package io.tributary.run;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent seeks another one that offers a service. The coordinator answers as soon as there is one
 * with a free place.
 *
 * @param service what for
 * @param prefer the agent to take if it is there, such as the one before; null for any
 * @param avoid agents not to take
 */
public record ServiceRequest(
    String service, @JsonSetter(nulls = Nulls.SET) @Nullable String prefer, List<String> avoid) {
  /** Checks the name and copies the list. */
  public ServiceRequest {
    ServiceOffer.checkName(service);
    avoid = List.copyOf(avoid);
  }
}
