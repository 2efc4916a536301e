package io.milvusferry.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The words of the command line before they are parsed: enough to know where defaults come from.
 */
record CommandWords(List<String> words) {
  private static final List<String> SERVER_FLAGS = List.of("--into", "--from");

  CommandWords {
    words = List.copyOf(words);
  }

  /** The command's name, or {@code ferry}. */
  String command() {
    return words.stream().filter(word -> !word.startsWith("-")).findFirst().orElse("ferry");
  }

  /** Whether the version is all that is asked for. */
  boolean askForVersion() {
    return words.equals(List.of("--version")) || words.equals(List.of("-V"));
  }

  boolean has(String flag) {
    return words.contains(flag);
  }

  /** The value of a flag, written as {@code --flag value} or {@code --flag=value}. */
  Optional<String> value(String flag) {
    Stream<String> separate =
        IntStream.range(0, Math.max(0, words.size() - 1))
            .filter(i -> words.get(i).equals(flag))
            .mapToObj(i -> words.get(i + 1));
    Stream<String> joined =
        words.stream()
            .filter(word -> word.startsWith(flag + "="))
            .map(word -> word.substring(flag.length() + 1));
    return Stream.concat(separate, joined).findFirst();
  }

  /** Words that may name a server, those that are written to first. */
  Stream<String> servers(Map<String, String> environment) {
    Stream<String> flags =
        SERVER_FLAGS.stream()
            .flatMap(
                flag ->
                    value(flag)
                        .or(
                            () ->
                                Optional.ofNullable(
                                    environment.get(
                                        io.milvusferry.cli.config.OptionNames.environment(flag))))
                        .stream());
    boolean comparing = command().equals("compare");
    return comparing ? Stream.concat(flags, words.stream().skip(1)) : flags;
  }
}
