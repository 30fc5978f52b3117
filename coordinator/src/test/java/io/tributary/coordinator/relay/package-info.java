/** Tests of who finds whom between agents. */
@NullMarked
package io.tributary.coordinator.relay;

import org.jspecify.annotations.NullMarked;
