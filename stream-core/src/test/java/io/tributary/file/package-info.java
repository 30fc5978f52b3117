@NullMarked
package io.tributary.file;

import org.jspecify.annotations.NullMarked;
