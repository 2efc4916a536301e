package io.milvusferry.importer;

import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.record.Key;

/**
 * A value of an archive that has one of the forms.
 *
 * @param field where it stands; {@link FieldSpec#dynamic} for the dynamic field
 * @param key of its row
 * @param value its bytes, as a column holds them
 * @param shadowed the field whose name a key of the value has, for {@link ValueForm#SHADOW};
 *     otherwise the field itself
 */
@SuppressWarnings("ArrayRecordComponent")
record ValueExample(ValueForm form, FieldSpec field, Key key, byte[] value, FieldSpec shadowed) {}
