/** Classes that break a rule on purpose; each proves that its rule can fail. */
@NullMarked
package io.milvusferry.manifest.violation;

import org.jspecify.annotations.NullMarked;
