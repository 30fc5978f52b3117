@NullMarked
package io.tributary.coordinator;

import org.jspecify.annotations.NullMarked;
