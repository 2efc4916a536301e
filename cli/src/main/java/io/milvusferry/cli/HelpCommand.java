package io.milvusferry.cli;

import io.milvusferry.cli.config.Suggestion;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ferry help}: what a command does, or what the exit statuses mean. */
@Command(name = "help", description = "Print the help of a command, or the exit statuses.")
final class HelpCommand implements Callable<Integer> {
  private static final String EXIT_CODES = "exit-codes";

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "TOPIC",
      description = "The name of a command, or " + EXIT_CODES + ".")
  String topic = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help.")
  boolean help;

  HelpCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.console().result(text().stripTrailing());
    return ExitStatus.DONE.number();
  }

  private String text() {
    if (topic.equals(EXIT_CODES)) {
      return ExitStatus.table();
    }
    CommandLine root = Ferry.commandLine(session, new CommandWords(List.of()));
    if (topic.isEmpty()) {
      return root.getUsageMessage();
    }
    CommandLine command = root.getSubcommands().get(topic);
    if (command == null) {
      List<String> topics = new ArrayList<>(root.getSubcommands().keySet());
      topics.add(EXIT_CODES);
      throw new FerryException(
          ErrorCode.USAGE,
          "there is no help about '%s'".formatted(topic),
          Suggestion.hint(topic, topics),
          null);
    }
    return command.getUsageMessage();
  }
}
