package io.milvusferry.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which type went through which server, as the live tests saw it, in Markdown. */
final class TypeTable {
  private static final List<String> PRODUCTS =
      Arrays.stream(LabServer.values()).map(LabServer::product).distinct().toList();

  private static final List<String> SCALARS =
      List.of(
          "bool",
          "int8",
          "int16",
          "int32",
          "int64",
          "float",
          "double",
          "varchar",
          "json",
          "geometry",
          "timestamptz");
  private static final List<String> ELEMENTS = SCALARS.subList(0, 8);

  /** Types that no server here holds. */
  private static final List<String> UNSEEN =
      List.of("int8 vector", "null in a vector field", "array of structs", "text");

  /** Products that a type went through, by the name of the type. */
  private final Map<String, Set<String>> live = new TreeMap<>();

  private final List<String> pairings = new ArrayList<>();

  /** Adds what the witness read after a collection went from one server to another. */
  void add(LabServer from, LabServer to, JsonObject read) {
    for (JsonElement field : read.getAsJsonArray("fields")) {
      Set<String> products =
          live.computeIfAbsent(type(field.getAsString()), type -> new TreeSet<>());
      products.add(from.product());
      products.add(to.product());
    }
    pairings.add(
        "| %s | %s | %d | %,d |"
            .formatted(
                from.product(),
                to.product(),
                read.getAsJsonArray("fields").size(),
                read.get("values").getAsLong()));
  }

  /** One line for each type. */
  String types() {
    return head("type") + types(rows().stream().map(List::of).toList());
  }

  /** One line for neighbours that went through the same servers. */
  String summary() {
    List<List<String>> groups = new ArrayList<>();
    for (String type : rows()) {
      List<String> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
      if (!last.isEmpty() && cells(last.get(0)).equals(cells(type))) {
        last.add(type);
      } else {
        groups.add(new ArrayList<>(List.of(type)));
      }
    }
    return head("types") + types(groups);
  }

  /** One line for each pair of servers. */
  String pairings() {
    return "| from | to | fields | values compared |\n|---|---|---|---|\n"
        + pairings.stream().sorted().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static String head(String first) {
    return "| %s | %s |%n|---|%s%n"
        .formatted(first, String.join(" | ", PRODUCTS), "---|".repeat(PRODUCTS.size()));
  }

  private String types(List<List<String>> groups) {
    return groups.stream()
        .map(group -> "| %s | %s |\n".formatted(String.join(", ", group), cells(group.get(0))))
        .collect(Collectors.joining());
  }

  private String cells(String type) {
    Set<String> products = live.getOrDefault(type, Set.of());
    return PRODUCTS.stream()
        .map(product -> products.contains(product) ? "live" : "not run")
        .collect(Collectors.joining(" | "));
  }

  /** All types, and nothing that a test has seen is left out. */
  private Set<String> rows() {
    Stream<String> plain =
        Stream.of(
                Stream.of("id", "key", "auto", "p_varchar", "w_varchar").map(TypeTable::type),
                SCALARS.stream(),
                ELEMENTS.stream().map(element -> type("a_" + element)),
                Stream.of(type("$meta")),
                Stream.of("float", "binary", "float16", "bfloat16", "sparse")
                    .map(kind -> kind + " vector"),
                SCALARS.stream().map(kind -> type("n_" + kind)),
                ELEMENTS.stream().map(element -> type("na_" + element)),
                SCALARS.stream()
                    .filter(kind -> !kind.equals("json"))
                    .map(kind -> type("d_" + kind)),
                live.keySet().stream(),
                UNSEEN.stream())
            .flatMap(types -> types);
    return plain.collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The type of a field, which the witness named by it. */
  private static String type(String field) {
    int end = field.indexOf('_');
    String kind = field.substring(end + 1);
    return switch (end < 0 ? field : field.substring(0, end)) {
      case "id" -> "int64 key";
      case "key" -> "varchar key";
      case "auto" -> "int64 key made by the server";
      case "p" -> "partition key";
      case "w" -> "text of a BM25 function";
      case "$meta" -> "dynamic field";
      case "f" -> kind;
      case "n" -> "null " + kind;
      case "d" -> kind + " with default";
      case "a" -> "array of " + kind;
      case "na" -> "null array of " + kind;
      default -> kind.replace('_', ' ');
    };
  }
}
