/** Tests of split learning at both ends, with real codecs and a real model. */
@NullMarked
package io.tributary.agent.split;

import org.jspecify.annotations.NullMarked;
