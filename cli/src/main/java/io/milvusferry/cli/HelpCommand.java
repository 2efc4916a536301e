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
      arity = "0..*",
      paramLabel = "TOPIC",
      description = "The words of a command, such as live start, or " + EXIT_CODES + ".")
  List<String> topic = new ArrayList<>();

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
    if (topic.equals(List.of(EXIT_CODES))) {
      return ExitStatus.table();
    }
    CommandLine command = Ferry.commandLine(session, new CommandWords(List.of()));
    for (String word : topic) {
      command = within(command, word);
    }
    return command.getUsageMessage();
  }

  private static CommandLine within(CommandLine command, String word) {
    CommandLine found = command.getSubcommands().get(word);
    if (found == null) {
      List<String> topics = new ArrayList<>(command.getSubcommands().keySet());
      if (command.getParent() == null) {
        topics.add(EXIT_CODES);
      }
      FerryException unknown =
          new FerryException(
              ErrorCode.USAGE,
              "there is no help about '%s'".formatted(word),
              Suggestion.hint(word, topics),
              null);
      throw new CommandLine.ParameterException(
          command, String.valueOf(unknown.getMessage()), unknown);
    }
    return found;
  }
}
