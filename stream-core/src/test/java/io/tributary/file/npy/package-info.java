@NullMarked
package io.tributary.file.npy;

import org.jspecify.annotations.NullMarked;
