@NullMarked
package io.tributary.file.safetensors;

import org.jspecify.annotations.NullMarked;
