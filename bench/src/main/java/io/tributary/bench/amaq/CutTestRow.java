package io.tributary.bench.amaq;

/**
 * One statement.
 *
 * @param name what is to hold
 * @param holds whether it does
 * @param detail the numbers behind it
 */
record CutTestRow(String name, boolean holds, String detail) {}
