@NullMarked
package io.tributary.file.gguf;

import org.jspecify.annotations.NullMarked;
