/**
 * Test kit for randomness. Belongs here: seeds that are printed when a test fails. Does not belong
 * here: tests.
 */
@NullMarked
package io.tributary.random;

import org.jspecify.annotations.NullMarked;
