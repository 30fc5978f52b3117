package io.tributary.agent.text;

/** One text: the name that fixes its place in the order, and its bytes, UTF-8. Never changed. */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
record SourceText(String name, byte[] bytes) {}
