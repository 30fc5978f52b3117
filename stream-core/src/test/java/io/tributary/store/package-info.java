@NullMarked
package io.tributary.store;

import org.jspecify.annotations.NullMarked;
