package io.milvusferry.cli;

import io.milvusferry.cli.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives options that are not on the command line the value of the environment or the files. */
record OptionDefaults(Session session) implements IDefaultValueProvider {
  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    return session.settings().find(option.longestName()).map(Settings.Found::value).orElse(null);
  }
}
