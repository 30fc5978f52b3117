@NullMarked
package io.tributary.run;

import org.jspecify.annotations.NullMarked;
