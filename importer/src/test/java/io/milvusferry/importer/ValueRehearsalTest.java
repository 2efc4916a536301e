package io.milvusferry.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.importer.CollectionPlan.Action;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.record.Column;
import io.milvusferry.record.RecordBatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a server changes or refuses are found in the plan, and in no other archive. */
class ValueRehearsalTest {
  private static final int ROWS = 12;

  @TempDir(factory = QuickTempDir.class)
  Path dir;

  private ImportFixture fixture;

  @BeforeEach
  void start() {
    fixture = new ImportFixture(dir);
  }

  /** A collection whose seventh row of each part has that text in that field. */
  private void archive(String field, String text) {
    archive(field, text.getBytes(StandardCharsets.UTF_8));
  }

  private void archive(String field, byte[] value) {
    CollectionSchema plain = MemoryArchive.schema(FieldType.INT64, false);
    List<FieldSpec> fields = new ArrayList<>(plain.fields());
    fields.add(
        field.equals("words")
            ? FieldSpec.of("words", FieldType.SPARSE_FLOAT_VECTOR, Map.of())
            : FieldSpec.of("document", FieldType.JSON, Map.of()));
    fixture.archive.values = batch -> withValue(batch, field, 7, value);
    fixture.archive.add(
        ImportFixture.described(
            ImportFixture.PRODUCTS, new CollectionSchema(true, fields, List.of())),
        1,
        ROWS,
        false);
  }

  private static RecordBatch withValue(RecordBatch batch, String field, int row, byte[] value) {
    List<Column> columns = new ArrayList<>();
    for (FieldSpec each : batch.fields()) {
      Column column = batch.column(each.name());
      columns.add(each.name().equals(field) ? replaced((Column.Bytes) column, row, value) : column);
    }
    return new RecordBatch(batch.fields(), columns, batch.rows());
  }

  private static Column replaced(Column.Bytes column, int row, byte[] value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] offsets = new int[column.rows() + 1];
    for (int i = 0; i < column.rows(); i++) {
      bytes.writeBytes(i == row ? value : column.get(i));
      offsets[i + 1] = bytes.size();
    }
    return new Column.Bytes(offsets, bytes.toByteArray());
  }

  private static String text(RecordBatch batch, String field, int row) {
    return new String(((Column.Bytes) batch.column(field)).get(row), StandardCharsets.UTF_8);
  }

  /** As a server that writes a text alone without its quotes. */
  private void loseQuotes() {
    fixture
        .server
        .rules()
        .keep(
            batch ->
                has(batch, "document") && text(batch, "document", 0).startsWith("\"")
                    ? withValue(
                        batch,
                        "document",
                        0,
                        text(batch, "document", 0)
                            .replace("\"", "")
                            .getBytes(StandardCharsets.UTF_8))
                    : batch);
  }

  private static boolean has(RecordBatch batch, String field) {
    return batch.fields().stream().anyMatch(each -> each.name().equals(field));
  }

  private void refuse(String field, String start, String words) {
    fixture
        .server
        .rules()
        .refuseValues(
            batch -> {
              for (int row = 0; row < batch.rows(); row++) {
                if (has(batch, field) && text(batch, field, row).startsWith(start)) {
                  return Optional.of(words);
                }
              }
              return Optional.empty();
            });
  }

  private CollectionPlan plan() {
    return fixture.importer().plan(fixture.request(fixture.server)).collections().get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", " 17", "-0.5", "true", "null", "\"text\"", "{\"id\": 1}", "{}"})
  void whatTheTargetKeepsIsNoReasonToRefuseAnything(String document) {
    archive("document", document);
    assertThat(plan().refusals()).isEmpty();
    assertThat(fixture.run().proven()).isTrue();
    assertThat(fixture.server.collections("default"))
        .extracting(CollectionName::name)
        .containsExactly("products");
  }

  @Test
  void aChangedValueIsNamedWithItsRowBeforeAnythingIsWritten() {
    archive("document", "\"text\"");
    loseQuotes();
    CollectionPlan plan = plan();
    assertThat(plan.action()).isEqualTo(Action.CONFLICT);
    assertThat(plan.refusals()).extracting(Refusal::path).containsExactly("schema.fields.document");
    assertThat(plan.refusals().get(0).message())
        .isEqualTo(
            "default.products: the target does not keep a document that is a text alone, as row 7"
                + " has it in field document: field document comes back as 'text' instead of"
                + " '\"text\"'");
    assertThatThrownBy(fixture::run)
        .isInstanceOfSatisfying(
            FerryException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TARGET_INCAPABLE));
    assertThat(fixture.server.collections("default")).isEmpty();
  }

  @Test
  void aRefusedValueIsNamedWithTheServersWords() {
    archive("document", "[1, 2]");
    refuse("document", "[", "only objects here");
    assertThat(plan().refusals())
        .extracting(Refusal::message)
        .containsExactly(
            "default.products: the target does not keep a document that is a list, as row 7 has it"
                + " in field document: only objects here");
  }

  @Test
  void aSparseVectorWithoutElementsIsAValueOfItsOwn() {
    archive("words", new byte[0]);
    assertThat(plan().refusals()).isEmpty();
    fixture
        .server
        .rules()
        .refuseValues(
            batch ->
                has(batch, "words") && ((Column.Bytes) batch.column("words")).length(0) == 0
                    ? Optional.of("empty sparse float vector row")
                    : Optional.empty());
    assertThat(plan().refusals())
        .extracting(Refusal::message)
        .singleElement()
        .asString()
        .contains("a sparse vector without elements, as row 0 has it in field words: empty");
  }

  @Test
  void noServerIsShownAFieldThatItCannotHold() {
    archive("document", "[1]");
    fixture
        .server
        .rules()
        .refuseCollections(
            wanted ->
                wanted.schema().field("document").isPresent()
                    ? Optional.of("no documents here")
                    : Optional.empty());
    refuse("document", "[", "never asked");
    assertThat(plan().refusals())
        .extracting(Refusal::message)
        .containsExactly(
            "default.products: the target cannot hold field document of type JSON: no documents"
                + " here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"color\": 1, \"number\": 2}",
        "{\"n\\u0075mber\": {\"x\": []}}",
        "{\"a\": {\"b\": [1]}, \"id\": null}"
      })
  void aKeyThatOverwritesAFieldIsFoundHoweverItIsSpelled(String document) {
    archive(FieldSpec.DYNAMIC, document);
    refuse(FieldSpec.DYNAMIC, document, "duplicate name");
    assertThat(plan().refusals())
        .extracting(Refusal::message)
        .singleElement()
        .asString()
        .contains("a key of the dynamic field that has the name of a field")
        .contains("row 7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\": {\"text\": 1}}", "{\"a\": \"\\\"text\\\": 1\"}", "{\"texts\":1}"})
  void aNameThatIsNoKeyOfItsOwnOverwritesNothing(String document) {
    archive(FieldSpec.DYNAMIC, document);
    refuse(FieldSpec.DYNAMIC, document, "never asked");
    assertThat(plan().refusals()).isEmpty();
  }
}
