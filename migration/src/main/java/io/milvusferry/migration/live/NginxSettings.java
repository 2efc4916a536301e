package io.milvusferry.migration.live;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the Nginx is that splits reads.
 *
 * @param include the file that ferry alone writes, and that the server's configuration includes
 * @param log the access log in the format that the include file defines
 * @param command how Nginx is run, word by word, such as {@code nginx} or {@code sudo nginx}
 */
public record NginxSettings(Path include, Path log, List<String> command) {
  public NginxSettings {
    command = List.copyOf(command);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("no command to run nginx with");
    }
  }
}
