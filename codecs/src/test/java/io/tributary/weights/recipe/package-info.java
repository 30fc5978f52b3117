@NullMarked
package io.tributary.weights.recipe;

import org.jspecify.annotations.NullMarked;
