@NullMarked
package io.tributary.weights.command;

import org.jspecify.annotations.NullMarked;
