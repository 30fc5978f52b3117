@NullMarked
package io.tributary.coordinator.page;

import org.jspecify.annotations.NullMarked;
