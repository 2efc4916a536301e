package io.milvusferry.cli;

import io.milvusferry.cli.config.Suggestion;
import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code ferry}: finds the subcommand, and gives back its status. */
final class Ferry {
  /** In the order of the help. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  private final Surroundings surroundings;
  private final EntryPoints entryPoints;
  private final Interruption interruption;

  Ferry(Surroundings surroundings, EntryPoints entryPoints, Interruption interruption) {
    this.surroundings = surroundings;
    this.entryPoints = entryPoints;
    this.interruption = interruption;
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("export", ExportCommand.class);
    commands.put("inspect", InspectCommand.class);
    commands.put("verify", VerifyCommand.class);
    commands.put("ship", ShipCommand.class);
    commands.put("receive", ReceiveCommand.class);
    commands.put("import", ImportCommand.class);
    commands.put("swap", SwapCommand.class);
    commands.put("compare", CompareCommand.class);
    commands.put("send", SendCommand.class);
    commands.put("restore", RestoreCommand.class);
    commands.put("migrate", MigrateCommand.class);
    commands.put("gateway", GatewayCommand.class);
    commands.put("live", LiveCommand.class);
    commands.put("plan", PlanCommand.class);
    commands.put("config", ConfigCommand.class);
    commands.put("help", HelpCommand.class);
    return commands;
  }

  /** Runs the command that the words name, and returns its exit status. */
  int run(String... args) {
    CommandWords words = new CommandWords(List.of(args));
    if (words.askForVersion()) {
      // Asked for by scripts, and answered before anything else is loaded.
      surroundings.out().println(ProductVersion.current());
      surroundings.out().flush();
      return ExitStatus.DONE.number();
    }
    Session session = new Session(surroundings, entryPoints, interruption, words);
    try {
      return commandLine(session, words).execute(args);
    } catch (FerryException e) {
      return session.failBeforeStart(e);
    } finally {
      surroundings.out().flush();
    }
  }

  /**
   * The command line with all subcommands, or with the one that the words name: reading the
   * annotations of all of them takes time that {@code ferry inspect} would be better without.
   */
  static CommandLine commandLine(Session session, CommandWords words) {
    CommandLine.IFactory factory = new SessionFactory(session);
    CommandLine line = new CommandLine(RootCommand.class, factory);
    String first = words.words().isEmpty() ? "" : words.words().get(0);
    if (COMMANDS.containsKey(first) && !first.equals("help")) {
      line.addSubcommand(first, new CommandLine(COMMANDS.get(first), factory));
    } else {
      COMMANDS.forEach((name, type) -> line.addSubcommand(name, new CommandLine(type, factory)));
    }
    line.setOut(writer(session.surroundings().out()));
    line.setErr(writer(session.surroundings().err()));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    line.setAbbreviatedOptionsAllowed(false);
    OptionTypes.register(line);
    line.setDefaultValueProvider(new OptionDefaults(session));
    line.setParameterExceptionHandler((e, unused) -> session.failBeforeStart(usage(e)));
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static FerryException usage(ParameterException e) {
    if (e.getCause() instanceof FerryException known) {
      return known;
    }
    CommandLine command = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).strip().replaceAll("\\.$", "");
    String hint = "Run %s --help.".formatted(command.getCommandSpec().qualifiedName());
    List<String> unknown =
        e instanceof UnmatchedArgumentException unmatched
            ? unmatched.getUnmatched()
            : command.getUnmatchedArguments();
    if (!unknown.isEmpty()) {
      // A misspelt option explains the missing one too.
      String word = unknown.get(0).replaceFirst("=.*", "");
      message = "'%s' is not known here".formatted(word);
      hint =
          Suggestion.nearest(word, words(command))
                  .map(near -> "Did you mean %s? ".formatted(near))
                  .orElse("")
              + hint;
    }
    String lower = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    return new FerryException(ErrorCode.USAGE, lower, hint, e);
  }

  /** Every word that the command understands. */
  private static List<String> words(CommandLine command) {
    List<String> words = new ArrayList<>(command.getSubcommands().keySet());
    command.getCommandSpec().options().forEach(option -> words.add(option.longestName()));
    return words;
  }
}
