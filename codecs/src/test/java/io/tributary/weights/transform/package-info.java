@NullMarked
package io.tributary.weights.transform;

import org.jspecify.annotations.NullMarked;
