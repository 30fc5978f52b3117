@NullMarked
package io.tributary.weights.file;

import org.jspecify.annotations.NullMarked;
