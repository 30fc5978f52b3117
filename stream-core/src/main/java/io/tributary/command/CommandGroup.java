package io.tributary.command;

/** The headings under which {@code tributary --help} lists the commands, in this order. */
public enum CommandGroup {
  /** Begin here. */
  START("Start here"),
  /** The processes of a training run. */
  RUN("Run"),
  /** Work on model files. */
  FILES("Files"),
  /** Measurements and comparisons. */
  MEASURE("Measure"),
  /** Keys and the like. */
  SETUP("Set up");

  private final String heading;

  CommandGroup(String heading) {
    this.heading = heading;
  }

  /** The heading's text. */
  public String heading() {
    return heading;
  }
}
