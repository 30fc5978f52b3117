@NullMarked
package io.tributary.weights.token;

import org.jspecify.annotations.NullMarked;
