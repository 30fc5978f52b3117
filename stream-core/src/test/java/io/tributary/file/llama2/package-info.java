@NullMarked
package io.tributary.file.llama2;

import org.jspecify.annotations.NullMarked;
