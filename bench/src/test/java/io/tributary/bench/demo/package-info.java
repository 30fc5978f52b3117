@NullMarked
package io.tributary.bench.demo;

import org.jspecify.annotations.NullMarked;
