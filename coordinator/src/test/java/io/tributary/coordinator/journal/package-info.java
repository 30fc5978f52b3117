@NullMarked
package io.tributary.coordinator.journal;

import org.jspecify.annotations.NullMarked;
