@NullMarked
package io.tributary.codecs.sketch;

import org.jspecify.annotations.NullMarked;
