/**
 * Tests of what holds for all codecs together, and what their tests share.
 *
 * <p>Belongs here: the registry with the real codecs, rules on the module's classes, help for fuzz
 * and GPU tests. Does not belong here: tests of one codec, which stand in its package.
 */
@NullMarked
package io.tributary.codecs;

import org.jspecify.annotations.NullMarked;
