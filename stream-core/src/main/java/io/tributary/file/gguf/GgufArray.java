package io.tributary.file.gguf;

/**
 * An array among the metadata.
 *
 * @param type of its values
 * @param count of values
 * @param begin the first value's byte in the file
 */
record GgufArray(int type, int count, long begin) {}
