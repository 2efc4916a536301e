/**
 * Speaks to Milvus: what a collection is, its rows, and making it again. Nothing else imports the
 * SDK.
 */
@NullMarked
package io.milvusferry.connector;

import org.jspecify.annotations.NullMarked;
