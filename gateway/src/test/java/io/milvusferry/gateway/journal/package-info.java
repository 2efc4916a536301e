/** Tests of the one module that speaks Milvus, against servers on loopback and answers by hand. */
@NullMarked
package io.milvusferry.gateway.journal;

import org.jspecify.annotations.NullMarked;
