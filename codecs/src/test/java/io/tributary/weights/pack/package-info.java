@NullMarked
package io.tributary.weights.pack;

import org.jspecify.annotations.NullMarked;
