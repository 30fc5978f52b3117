@NullMarked
package io.tributary.bench.codecs;

import org.jspecify.annotations.NullMarked;
