/** Moves collections without downtime, phase by phase, by steering a gateway. */
@NullMarked
package io.milvusferry.migration.live;

import org.jspecify.annotations.NullMarked;
