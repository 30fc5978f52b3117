@NullMarked
package io.tributary.coordinator.outer;

import org.jspecify.annotations.NullMarked;
