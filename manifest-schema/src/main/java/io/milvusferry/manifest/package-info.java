/** What belongs to an archive: the manifest, its entries, and where each file lies. */
@NullMarked
package io.milvusferry.manifest;

import org.jspecify.annotations.NullMarked;
