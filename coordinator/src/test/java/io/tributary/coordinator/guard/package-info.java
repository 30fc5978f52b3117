@NullMarked
package io.tributary.coordinator.guard;

import org.jspecify.annotations.NullMarked;
