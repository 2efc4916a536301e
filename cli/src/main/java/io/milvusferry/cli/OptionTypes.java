package io.milvusferry.cli;

import io.milvusferry.cli.output.ProgressStyle;
import io.milvusferry.exporter.Reader;
import io.milvusferry.importer.AutoId;
import io.milvusferry.importer.OnExisting;
import io.milvusferry.importer.Publish;
import io.milvusferry.importer.Staging;
import io.milvusferry.migration.live.MigrationPhase;
import io.milvusferry.progress.ByteSize;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the values of options are read. */
final class OptionTypes {
  private OptionTypes() {}

  static void register(CommandLine line) {
    line.registerConverter(ByteSize.class, reading(ByteSize::parse));
    line.registerConverter(Rate.class, reading(Rate::parse));
    line.registerConverter(RemoteCommand.class, reading(RemoteCommand::new));
    line.registerConverter(PositiveNumber.class, reading(PositiveNumber::parse));
    line.registerConverter(Percent.class, reading(Percent::parse));
    line.registerConverter(TimeSpan.class, reading(TimeSpan::parse));
    line.registerConverter(HostAndPort.class, reading(HostAndPort::parse));
    line.registerConverter(Staging.class, reading(Staging::parse));
    word(line, MigrationPhase.class);
    word(line, OnExisting.class);
    word(line, AutoId.class);
    word(line, Publish.class);
    word(line, Reader.Choice.class);
    word(line, CodecOption.Codec.class);
    word(line, ProgressStyle.class);
    word(line, CommonOptions.SecretMode.class);
  }

  /** Reads a value with a function that says in words what is wrong with it. */
  static <T> ITypeConverter<T> reading(Function<String, T> reader) {
    return text -> {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    };
  }

  private static <E extends Enum<E>> void word(CommandLine line, Class<E> type) {
    line.registerConverter(
        type,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new TypeConversionException(
                            "'%s' is not one of %s"
                                .formatted(
                                    text,
                                    Arrays.stream(type.getEnumConstants())
                                        .map(OptionTypes::word)
                                        .collect(Collectors.joining(", "))))));
  }

  /** How a constant is written on the command line: {@code keep-keys}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
