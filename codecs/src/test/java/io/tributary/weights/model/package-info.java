@NullMarked
package io.tributary.weights.model;

import org.jspecify.annotations.NullMarked;
