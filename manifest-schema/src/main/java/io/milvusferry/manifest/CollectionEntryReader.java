package io.milvusferry.manifest;

import static io.milvusferry.manifest.JsonMembers.list;
import static io.milvusferry.manifest.JsonMembers.parsed;

import com.google.gson.stream.JsonReader;
import io.milvusferry.digest.Digest;
import io.milvusferry.digest.Fingerprint;
import io.milvusferry.manifest.JsonMembers.Member;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;

/** Reads one collection of a manifest. */
final class CollectionEntryReader {
  private static final Member<Integer> NUMBER = Member.of("number", JsonMembers::int32);
  private static final Member<String> DIRECTORY = Member.of("directory", JsonMembers::string);
  private static final Member<String> DATABASE = Member.of("database", JsonMembers::string);
  private static final Member<String> NAME = Member.of("name", JsonMembers::string);
  private static final Member<String> DESCRIPTION = Member.of("description", JsonMembers::string);
  private static final Member<List<String>> ALIASES =
      Member.of("aliases", list(JsonMembers::string));
  private static final Member<SortedMap<String, String>> PROPERTIES =
      Member.of("properties", JsonMembers::map);
  private static final Member<Integer> SHARDS = Member.of("shards", JsonMembers::int32);
  private static final Member<String> CONSISTENCY_LEVEL =
      Member.of("consistencyLevel", JsonMembers::string);
  private static final Member<LoadState> LOAD_STATE =
      Member.of("loadState", parsed(text -> word(LoadState.class, text)));
  private static final Member<Integer> REPLICAS = Member.of("replicas", JsonMembers::int32);
  private static final Member<List<String>> RESOURCE_GROUPS =
      Member.of("resourceGroups", list(JsonMembers::string));
  private static final Member<List<String>> PARTITION_NAMES =
      Member.of("partitionNames", list(JsonMembers::string));
  private static final Member<Integer> PARTITION_COUNT =
      Member.of("partitionCount", JsonMembers::int32);
  private static final Member<Excerpt> EXCERPT =
      Member.of("excerpt", CollectionEntryReader::excerpt);
  private static final Member<List<String>> CHOSEN_PARTITIONS =
      Member.of("partitions", list(JsonMembers::string));
  private static final Member<List<String>> CHOSEN_FIELDS =
      Member.of("fields", list(JsonMembers::string));
  private static final Member<String> WHERE = Member.of("where", JsonMembers::string);
  private static final Member<Long> LIMIT = Member.of("limit", JsonMembers::int64);
  private static final Member<Consistency> CONSISTENCY =
      Member.of("consistency", ManifestReader::consistency);
  private static final Member<CollectionSchema> SCHEMA = Member.of("schema", SchemaReader::read);
  private static final Member<List<IndexSpec>> INDEXES =
      Member.of("indexes", list(CollectionEntryReader::index));
  private static final Member<List<PartitionEntry>> PARTITIONS =
      Member.of("partitions", list(CollectionEntryReader::partition));
  private static final Member<Long> ROWS = Member.of("rows", JsonMembers::int64);
  private static final Member<Long> COUNTED_ROWS = Member.of("countedRows", JsonMembers::int64);
  private static final Member<List<String>> DUPLICATE_KEYS =
      Member.of("duplicateKeys", list(JsonMembers::string));
  private static final Member<Fingerprint> FINGERPRINT =
      Member.of("fingerprint", CollectionEntryReader::fingerprint);
  private static final Member<List<PartEntry>> PARTS =
      Member.of("parts", list(CollectionEntryReader::part));

  private static final Member<String> INDEXED_FIELD = Member.of("field", JsonMembers::string);
  private static final Member<String> INDEX_TYPE = Member.of("type", JsonMembers::string);
  private static final Member<String> METRIC = Member.of("metric", JsonMembers::string);
  private static final Member<SortedMap<String, String>> PARAMS =
      Member.of("params", JsonMembers::map);

  private static final Member<String> PATH = Member.of("path", JsonMembers::string);
  private static final Member<Integer> PARTITION = Member.of("partition", JsonMembers::int32);
  private static final Member<Long> BYTES = Member.of("bytes", JsonMembers::int64);
  private static final Member<Digest> DIGEST = Member.of("digest", parsed(Digest::new));
  private static final Member<String> MIN_KEY = Member.of("minKey", JsonMembers::string);
  private static final Member<String> MAX_KEY = Member.of("maxKey", JsonMembers::string);
  private static final Member<Lane> LANE =
      Member.of("lane", parsed(text -> word(Lane.class, text)));
  private static final Member<String> MIN_SERVER = Member.of("minServer", JsonMembers::string);

  private static final Member<String> ALGORITHM =
      Member.of("algorithm", parsed(CollectionEntryReader::algorithm));
  private static final Member<String> SUM = Member.of("sum", JsonMembers::string);

  private CollectionEntryReader() {}

  static CollectionEntry read(JsonReader in) throws IOException {
    JsonMembers it =
        JsonMembers.read(
            in,
            NUMBER,
            DIRECTORY,
            DATABASE,
            NAME,
            DESCRIPTION,
            ALIASES,
            PROPERTIES,
            SHARDS,
            CONSISTENCY_LEVEL,
            LOAD_STATE,
            REPLICAS,
            RESOURCE_GROUPS,
            PARTITION_NAMES,
            PARTITION_COUNT,
            EXCERPT,
            CONSISTENCY,
            SCHEMA,
            INDEXES,
            PARTITIONS,
            ROWS,
            COUNTED_ROWS,
            DUPLICATE_KEYS,
            FINGERPRINT,
            PARTS);
    return it.make(
        () -> {
          requireRows(it.get(ROWS), it.get(FINGERPRINT));
          return new CollectionEntry(
              it.get(NUMBER),
              it.get(DIRECTORY),
              description(it),
              Objects.requireNonNullElse(it.find(EXCERPT), Excerpt.ALL),
              it.get(CONSISTENCY),
              it.get(PARTITIONS),
              it.get(COUNTED_ROWS),
              it.get(DUPLICATE_KEYS),
              it.get(FINGERPRINT),
              it.get(PARTS));
        });
  }

  private static CollectionDescription description(JsonMembers it) {
    return new CollectionDescription(
        new CollectionName(it.get(DATABASE), it.get(NAME)),
        it.get(DESCRIPTION),
        it.get(SCHEMA),
        it.get(INDEXES),
        it.get(PARTITION_NAMES),
        it.get(PARTITION_COUNT),
        it.get(ALIASES),
        it.get(PROPERTIES),
        it.get(SHARDS),
        it.get(CONSISTENCY_LEVEL),
        it.get(LOAD_STATE),
        it.get(REPLICAS),
        it.get(RESOURCE_GROUPS));
  }

  private static Excerpt excerpt(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, CHOSEN_PARTITIONS, CHOSEN_FIELDS, WHERE, LIMIT);
    return it.make(
        () ->
            new Excerpt(
                it.get(CHOSEN_PARTITIONS), it.get(CHOSEN_FIELDS), it.get(WHERE), it.get(LIMIT)));
  }

  private static IndexSpec index(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, INDEXED_FIELD, NAME, INDEX_TYPE, METRIC, PARAMS);
    return new IndexSpec(
        it.get(INDEXED_FIELD), it.get(NAME), it.get(INDEX_TYPE), it.get(METRIC), it.get(PARAMS));
  }

  private static PartitionEntry partition(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, NUMBER, NAME, ROWS, FINGERPRINT);
    return it.make(
        () -> {
          requireRows(it.get(ROWS), it.get(FINGERPRINT));
          return new PartitionEntry(it.get(NUMBER), it.get(NAME), it.get(FINGERPRINT));
        });
  }

  private static PartEntry part(JsonReader in) throws IOException {
    JsonMembers it =
        JsonMembers.read(
            in,
            PATH,
            PARTITION,
            ROWS,
            BYTES,
            DIGEST,
            MIN_KEY,
            MAX_KEY,
            FINGERPRINT,
            LANE,
            MIN_SERVER);
    return it.make(
        () ->
            new PartEntry(
                it.get(PATH),
                it.get(PARTITION),
                it.get(ROWS),
                it.get(BYTES),
                it.get(DIGEST),
                it.get(MIN_KEY),
                it.get(MAX_KEY),
                it.get(FINGERPRINT),
                it.get(LANE),
                it.get(MIN_SERVER)));
  }

  private static Fingerprint fingerprint(JsonReader in) throws IOException {
    JsonMembers it = JsonMembers.read(in, ALGORITHM, ROWS, SUM);
    it.get(ALGORITHM);
    return it.make(() -> new Fingerprint(it.get(ROWS), it.get(SUM)));
  }

  private static String algorithm(String name) {
    if (!name.equals(Fingerprint.ALGORITHM)) {
      throw new IllegalArgumentException(name);
    }
    return name;
  }

  private static void requireRows(long rows, Fingerprint fingerprint) {
    if (rows != fingerprint.rows()) {
      throw new IllegalArgumentException(
          "%d rows but a fingerprint of %d".formatted(rows, fingerprint.rows()));
    }
  }

  /** The constant that a word of ours means; only its lower-case form is one. */
  static <E extends Enum<E>> E word(Class<E> type, String text) {
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(text);
    }
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
  }
}
