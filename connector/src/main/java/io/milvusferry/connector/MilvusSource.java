package io.milvusferry.connector;

import io.milvus.grpc.AllocTimestampRequest;
import io.milvus.grpc.AllocTimestampResponse;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.GetPersistentSegmentInfoRequest;
import io.milvus.grpc.GetPersistentSegmentInfoResponse;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.QueryRequest;
import io.milvusferry.digest.Digest;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.manifest.CollectionDescription;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.CollectionSchema;
import io.milvusferry.manifest.Excerpt;
import io.milvusferry.manifest.FieldSpec;
import io.milvusferry.manifest.FieldType;
import io.milvusferry.manifest.IndexSpec;
import io.milvusferry.manifest.LoadState;
import io.milvusferry.progress.Throttle;
import io.milvusferry.record.BatchCursor;
import io.milvusferry.record.Key;
import io.milvusferry.record.KeyRange;
import io.milvusferry.record.RecordBatch;
import io.milvusferry.record.Slice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/** A collection of a Milvus server, read through its public calls. */
final class MilvusSource implements CollectionSource {
  private static final String COUNT = "count(*)";

  private final ServerChannel channel;
  private final CollectionName name;
  private final Excerpt excerpt;
  private final Throttle throttle;
  private final SegmentFlush flush;
  private final CollectionLoad load;
  private final CollectionIndexes indexes;
  private final DescribeCalls calls;
  private final long seen;
  private final Map<List<String>, PageSize> pageSizes;

  MilvusSource(ServerChannel channel, CollectionName name, Throttle throttle) {
    this(channel, name, Excerpt.ALL, throttle, 0, new ConcurrentHashMap<>());
  }

  /**
   * @param seen timestamp up to which every write is seen, 0 for that of each call
   */
  private MilvusSource(
      ServerChannel channel,
      CollectionName name,
      Excerpt excerpt,
      Throttle throttle,
      long seen,
      Map<List<String>, PageSize> pageSizes) {
    this.channel = channel;
    this.name = name;
    this.excerpt = excerpt;
    this.throttle = throttle;
    this.seen = seen;
    this.pageSizes = pageSizes;
    this.flush = new SegmentFlush(channel, name);
    this.load = new CollectionLoad(channel, name);
    this.indexes = new CollectionIndexes(channel, name);
    this.calls = new DescribeCalls(channel, name);
  }

  @Override
  public CollectionSource throttled(Throttle other) {
    return new MilvusSource(channel, name, excerpt, other, seen, pageSizes);
  }

  @Override
  public CollectionSource seeing(long timestamp) {
    return new MilvusSource(channel, name, excerpt, throttle, timestamp, pageSizes);
  }

  @Override
  public CollectionSource only(Excerpt other) {
    return new MilvusSource(channel, name, other, throttle, seen, new ConcurrentHashMap<>());
  }

  @Override
  public Excerpt excerpt() {
    return excerpt;
  }

  @Override
  public CollectionSchema schema() {
    return excerpt.of(
        name, SchemaTranslator.fromServer(name.toString(), calls.collection().getSchema()));
  }

  @Override
  public CollectionDescription describe() {
    DescribeCollectionResponse answer = calls.collection();
    CollectionSchema schema = SchemaTranslator.fromServer(name.toString(), answer.getSchema());
    boolean byKey = schema.partitionKey().isPresent();
    LoadState state = loadState();
    SortedMap<String, String> properties = SchemaTranslator.map(answer.getPropertiesList());
    CollectionDescription whole =
        new CollectionDescription(
            name,
            answer.getSchema().getDescription(),
            schema,
            indexes.specs(),
            byKey ? List.of() : calls.partitions(),
            byKey ? calls.partitionCount(answer) : 0,
            calls.aliases(answer),
            properties,
            Math.max(1, answer.getShardsNum()),
            answer.getConsistencyLevel().name(),
            state,
            state == LoadState.LOADED ? calls.replicas(answer.getCollectionID()) : 0,
            List.of());
    return excerpt.of(whole);
  }

  @Override
  public List<String> aliases() {
    return calls.aliases(calls.collection());
  }

  @Override
  public Map<String, byte[]> rawDescriptions() {
    Map<String, byte[]> raw = new LinkedHashMap<>();
    calls.raw(indexes).forEach((call, answer) -> raw.put(call, answer.toByteArray()));
    return raw;
  }

  @Override
  public CollectionIdentity identity() {
    DescribeCollectionResponse answer = calls.collection();
    return new CollectionIdentity(
        answer.getCollectionID(),
        answer.getCreatedTimestamp(),
        Digest.ofContent(answer.getSchema().toByteArray()));
  }

  @Override
  public LoadState loadState() {
    return load.state();
  }

  @Override
  public Optional<Long> count() {
    return excerpt.schemaOnly()
        ? Optional.of(0L)
        : count("").map(rows -> Math.min(rows, excerpt.limit()));
  }

  @Override
  public Optional<Long> count(String partition) {
    return count(partition, seen == 0 ? ReadPoint.STRONG : ReadPoint.at(seen));
  }

  @Override
  public Optional<List<SegmentState>> segments() {
    GetPersistentSegmentInfoRequest request =
        GetPersistentSegmentInfoRequest.newBuilder()
            .setDbName(name.database())
            .setCollectionName(name.name())
            .build();
    return channel
        .callIfKnown(
            name.database(),
            "GetPersistentSegmentInfo of " + name,
            stub -> stub.getPersistentSegmentInfo(request),
            GetPersistentSegmentInfoResponse::getStatus)
        .map(this::visible);
  }

  private List<SegmentState> visible(GetPersistentSegmentInfoResponse answer) {
    Set<Long> ghosts = flush.segmentsOfFailedImports();
    return answer.getInfosList().stream()
        .filter(info -> !ghosts.contains(info.getSegmentID()))
        .map(MilvusSegments::state)
        .toList();
  }

  @Override
  public Optional<SegmentLedger> ledger() {
    return Optional.of(new MilvusSegments(channel, name));
  }

  @Override
  public Optional<Long> timestamp() {
    // Some servers know the call, and answer it with no timestamp.
    return channel
        .callIfKnown(
            name.database(),
            "AllocTimestamp",
            stub -> stub.allocTimestamp(AllocTimestampRequest.getDefaultInstance()),
            AllocTimestampResponse::getStatus)
        .map(AllocTimestampResponse::getTimestamp)
        .filter(timestamp -> timestamp != 0);
  }

  @Override
  public void flush(Duration deadline) {
    flush.flush(deadline);
  }

  @Override
  public void load(int replicas, Duration deadline) {
    load.load(replicas, deadline);
  }

  @Override
  public void release() {
    load.release();
  }

  @Override
  public void createTemporaryIndexes(String prefix, Duration deadline) {
    List<FieldSpec> vectors = describe().vectorsWithoutIndex();
    for (FieldSpec vector : vectors) {
      String index =
          vectors.size() == 1 ? prefix : prefix + "_" + vector.name().replaceAll("\\W", "_");
      indexes.create(CheapestIndex.on(vector, index));
      indexes.await(vector.name(), index, deadline);
    }
  }

  @Override
  public void dropIndexes(String prefix) {
    for (IndexSpec index : indexes.specs()) {
      if (index.name().startsWith(prefix)) {
        indexes.drop(index.field(), index.name());
      }
    }
  }

  @Override
  public List<String> partitions() {
    if (schema().partitionKey().isPresent()) {
      return List.of("");
    }
    return calls.partitions().stream()
        .filter(
            partition -> excerpt.partitions().isEmpty() || excerpt.partitions().contains(partition))
        .toList();
  }

  @Override
  public List<Slice> slices(int wanted) {
    if (excerpt.schemaOnly()) {
      return List.of();
    }
    FieldSpec key = schema().primaryKey();
    SlicePlanner planner =
        new SlicePlanner((partition, range, rows) -> keyAt(key, partition, range, rows));
    List<String> partitions = partitions();
    ReadPoint now = now();
    // A server that cannot count gets one slice for each partition: slower, never less.
    List<Optional<Long>> counts =
        partitions.stream().map(partition -> count(partition, now)).toList();
    long total = Math.max(1, counts.stream().mapToLong(count -> count.orElse(0L)).sum());
    long left = excerpt.limit();
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < partitions.size() && left > 0; i++) {
      long rows = counts.get(i).orElse(0L);
      int share = (int) Math.max(1, Math.round((double) wanted * rows / total));
      List<Slice> all = planner.slices(partitions.get(i), rows, share);
      if (left == Long.MAX_VALUE) {
        slices.addAll(all);
      } else {
        slices.addAll(planner.first(all, left));
        left -= Math.min(left, counts.get(i).orElseThrow(this::cannotLimit));
      }
    }
    return slices;
  }

  private FerryException cannotLimit() {
    return new FerryException(
        ErrorCode.SERVER_INCAPABLE,
        "the server cannot count the rows of " + name,
        "Leave --limit out.",
        null);
  }

  @Override
  public long estimatedBytes() {
    long rows = count("", ReadPoint.EVENTUAL).orElse(0L);
    if (rows == 0) {
      return 0;
    }
    Slice all = new Slice("", KeyRange.ALL);
    try (BatchCursor cursor = scan(all, Set.of(), ReadPoint.EVENTUAL)) {
      RecordBatch first = cursor.next();
      return first == null ? 0 : rows * Math.max(1, first.byteSize() / first.rows());
    }
  }

  @Override
  public List<List<Key>> search(IndexSpec index, RecordBatch batch, int limit) {
    CollectionSchema schema = schema();
    FieldSpec held = schema.searched(index.field());
    ReadPoint point = seen == 0 ? ReadPoint.EVENTUAL : ReadPoint.at(seen);
    return new VectorSearch(channel, name)
        .nearest(index, held, batch.column(held.name()), limit, point);
  }

  @Override
  public BatchCursor scan(Slice slice, Set<String> fields) {
    return scan(slice, fields, now());
  }

  @Override
  public List<RecordBatch> rows(String partition, List<Key> keys) {
    CollectionSchema schema = schema();
    ReadPoint point = now();
    return new KeyLookup(
            schema,
            (expression, limit) ->
                query(partition, expression, limit, 0, schema.rowFields(), point))
        .find(keys);
  }

  private BatchCursor scan(Slice slice, Set<String> fields, ReadPoint point) {
    CollectionSchema schema = schema();
    List<FieldSpec> wanted =
        schema.rowFields().stream()
            .filter(
                field -> fields.isEmpty() || field.primaryKey() || fields.contains(field.name()))
            .toList();
    List<String> names = wanted.stream().map(FieldSpec::name).toList();
    return new PageCursor(
        (expression, limit) -> query(slice.partition(), expression, limit, 0, wanted, point),
        schema.primaryKey(),
        slice.range(),
        wanted,
        pageSizes.computeIfAbsent(names, first -> new PageSize()),
        throttle);
  }

  /** Everything that was acknowledged before this call, or before what {@link #seeing} said. */
  private ReadPoint now() {
    return seen != 0 ? ReadPoint.at(seen) : timestamp().map(ReadPoint::at).orElse(ReadPoint.STRONG);
  }

  private Optional<Key> keyAt(FieldSpec key, String partition, KeyRange range, int rows) {
    QueryAnswer answer =
        query(
            partition,
            new Literals(key).within(range, null),
            1,
            rows,
            List.of(key),
            ReadPoint.EVENTUAL);
    RecordBatch batch = new PageDecoder(List.of(key)).decode(answer);
    return batch == null ? Optional.empty() : Optional.of(batch.key(0));
  }

  private QueryAnswer query(
      String partition,
      String expression,
      int limit,
      int offset,
      List<FieldSpec> fields,
      ReadPoint point) {
    QueryRequest.Builder request = request(partition, point).setExpr(matching(expression));
    fields.forEach(field -> request.addOutputFields(field.name()));
    request.addQueryParams(pair("limit", limit));
    // Says that pages are walked by key, for a server that sorts nothing else; no other minds it.
    request.addQueryParams(SchemaTranslator.pair("iterator", "False"));
    if (fields.stream().anyMatch(field -> field.type() == FieldType.TIMESTAMPTZ)) {
      // Moments come as texts, in the time zone of the collection if not asked otherwise.
      request.addQueryParams(SchemaTranslator.pair("timezone", "UTC"));
    }
    if (offset > 0) {
      request.addQueryParams(pair("offset", offset));
    }
    return query(request.build(), "Query of " + name);
  }

  private Optional<Long> count(String partition, ReadPoint point) {
    QueryRequest request =
        request(partition, point).setExpr(excerpt.where()).addOutputFields(COUNT).build();
    QueryAnswer answer;
    try {
      answer = query(request, "count(*) of " + name);
    } catch (FerryException e) {
      // Servers before 2.3 take it for the name of a field, or miss a filter first.
      String refusal = String.valueOf(e.getMessage());
      if (refusal.contains("field count(*) not exist")
          || refusal.contains("query expression is empty")
          || e.code() == ErrorCode.SERVER_INCAPABLE) {
        return Optional.empty();
      }
      throw e;
    }
    if (answer.fields().size() != 1
        || answer.fields().get(0).data().getScalars().getLongData().getDataCount() != 1) {
      throw new FerryException(
          ErrorCode.SERVER_REFUSED,
          "count(*) of %s answered %d fields".formatted(name, answer.fields().size()),
          "Please report this with the version of the server.",
          null);
    }
    return Optional.of(answer.fields().get(0).data().getScalars().getLongData().getData(0));
  }

  private QueryRequest.Builder request(String partition, ReadPoint point) {
    QueryRequest.Builder request =
        point.apply(
            QueryRequest.newBuilder().setDbName(name.database()).setCollectionName(name.name()));
    return partition.isEmpty()
        ? request.addAllPartitionNames(excerpt.partitions())
        : request.addPartitionNames(partition);
  }

  private String matching(String expression) {
    return excerpt.where().isEmpty()
        ? expression
        : "(%s) and (%s)".formatted(expression, excerpt.where());
  }

  private QueryAnswer query(QueryRequest request, String call) {
    try {
      return channel.call(
          name.database(), call, stub -> QueryCall.query(stub, request), QueryAnswer::status);
    } catch (FerryException e) {
      String message = String.valueOf(e.getMessage());
      if (!excerpt.where().isEmpty()
          && e.code() == ErrorCode.SERVER_REFUSED
          && message.toLowerCase(Locale.ROOT).contains("expr")) {
        throw new FerryException(
            ErrorCode.FILTER_INVALID,
            "%s cannot be filtered by '%s': %s".formatted(name, excerpt.where(), message),
            "Write --where in Milvus' grammar, over fields that the collection has.",
            e);
      }
      throw e;
    }
  }

  private static KeyValuePair pair(String key, int value) {
    return SchemaTranslator.pair(key, Integer.toString(value));
  }
}
