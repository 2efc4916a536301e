import io.milvus.client.MilvusServiceClient;
import io.milvus.common.clientenum.ConsistencyLevelEnum;
import io.milvus.orm.iterator.QueryIterator;
import io.milvus.param.ConnectParam;
import io.milvus.param.R;
import io.milvus.param.dml.QueryIteratorParam;
import io.milvus.response.QueryResultsWrapper.RowRecord;
import io.milvusferry.parquet.RecordParts;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * What ferry's export is measured against: the query iterator of Milvus' Java SDK and parquet-java's
 * record API, used as their documents say. {@code SdkExport URI COLLECTION FILE BATCH ROWS}; fails
 * if other than ROWS rows came.
 */
final class SdkExport {
  private SdkExport() {}

  public static void main(String[] words) throws Exception {
    MilvusServiceClient client =
        new MilvusServiceClient(ConnectParam.newBuilder().withUri(words[0]).build());
    R<QueryIterator> answer =
        client.queryIterator(
            QueryIteratorParam.newBuilder()
                .withCollectionName(words[1])
                .withOutFields(List.of("id", "label", "vector"))
                .withBatchSize(Long.parseLong(words[3]))
                .withConsistencyLevel(ConsistencyLevelEnum.STRONG)
                .build());
    if (answer.getStatus() != R.Status.Success.getCode()) {
      throw new IllegalStateException(answer.getMessage());
    }
    QueryIterator pages = answer.getData();
    long rows = 0;
    try (ParquetWriter<RecordParts.Row> writer = RecordParts.open(Path.of(words[2]), true)) {
      for (List<RowRecord> page = pages.next(); !page.isEmpty(); page = pages.next()) {
        for (RowRecord row : page) {
          writer.write(
              new RecordParts.Row(
                  (long) row.get("id"), (String) row.get("label"), floats(row.get("vector"))));
        }
        rows += page.size();
      }
    }
    pages.close();
    client.close();
    if (rows != Long.parseLong(words[4])) {
      throw new IllegalStateException(rows + " rows came");
    }
  }

  private static float[] floats(Object value) {
    List<?> list = (List<?>) value;
    float[] floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) list.get(i);
    }
    return floats;
  }
}
