/** Steering a gateway from another process: JSON over HTTP on the loopback interface. */
@NullMarked
package io.milvusferry.gateway.admin;

import org.jspecify.annotations.NullMarked;
