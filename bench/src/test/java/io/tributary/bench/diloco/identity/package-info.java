/** Tests of the identities. */
@NullMarked
package io.tributary.bench.diloco.identity;

import org.jspecify.annotations.NullMarked;
