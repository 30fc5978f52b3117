/**
 * Test kit for Netty buffers. Belongs here: JUnit extensions about buffers. Does not belong here:
 * tests.
 */
@NullMarked
package io.tributary.netty;

import org.jspecify.annotations.NullMarked;
