/** Tests of bundles of TensorFlow. */
@NullMarked
package io.tributary.file.tensorbundle;

import org.jspecify.annotations.NullMarked;
