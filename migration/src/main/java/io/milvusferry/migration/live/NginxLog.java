package io.milvusferry.migration.live;

import io.milvusferry.error.LocalFailure;
import io.milvusferry.gateway.ReadCounts;
import io.milvusferry.gateway.ReadCounts.SideReads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * Reads of two servers in an access log of the format {@code ferry}: a line for each call, with one
 * entry for each server that was tried, split by commas. It shows transport errors only, since
 * Milvus reports its own inside good answers.
 */
final class NginxLog {
  private static final Set<String> READS =
      Set.of(
          "/milvus.proto.milvus.MilvusService/Search",
          "/milvus.proto.milvus.MilvusService/Query",
          "/milvus.proto.milvus.MilvusService/HybridSearch");
  private static final int WORDS = 7;
  private static final int FIRST_HTTP_ERROR = 400;
  private static final double MICROS = 1_000_000;

  private final Path file;
  private final Set<String> source;
  private final Set<String> target;

  /**
   * @param source how the log writes the address of the source
   */
  NginxLog(Path file, Set<String> source, Set<String> target) {
    this.file = file;
    this.source = source;
    this.target = target;
  }

  long size() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw LocalFailure.of(e, file);
    }
  }

  /** What became of the reads since then; of a log that was rotated, what is left. */
  ReadCounts since(NginxInclude.Mark mark) {
    Side toSource = new Side();
    Side toTarget = new Side();
    if (Files.exists(file)) {
      try (SeekableByteChannel channel = Files.newByteChannel(file);
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(
                      Channels.newInputStream(
                          channel.position(
                              mark.logOffset() > channel.size() ? 0 : mark.logOffset())),
                      StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          count(line, mark.sinceMillis(), toSource, toTarget);
        }
      } catch (IOException e) {
        throw LocalFailure.of(e, file);
      }
    }
    return new ReadCounts(toSource.reads(), toTarget.reads(), 0);
  }

  private void count(String line, long sinceMillis, Side toSource, Side toTarget) {
    String[] words = line.replace(", ", ",").replace(" : ", ",").split(" ", -1);
    if (words.length != WORDS || !READS.contains(words[1])) {
      return;
    }
    if (Math.round(number(words[0]) * 1000) < sinceMillis) {
      return;
    }
    String[] servers = words[2].split(",", -1);
    String[] states = words[3].split(",", -1);
    String[] times = words[4].split(",", -1);
    for (int i = 0; i < servers.length; i++) {
      Side side =
          source.contains(servers[i]) ? toSource : target.contains(servers[i]) ? toTarget : null;
      if (side == null) {
        continue;
      }
      boolean last = i == servers.length - 1;
      String state = i < states.length ? states[i] : "-";
      String time = i < times.length ? times[i] : "-";
      boolean failed =
          !state.matches("\\d+")
              || Integer.parseInt(state) >= FIRST_HTTP_ERROR
              || (last && (isError(words[5]) || isError(words[6])));
      side.add(failed, time.equals("-") ? 0 : (long) (number(time) * MICROS));
    }
  }

  /** Whether this is a gRPC status other than OK; there is none where the other place has it. */
  private static boolean isError(String status) {
    return !status.equals("-") && !status.equals("0");
  }

  private static double number(String text) {
    return text.matches("\\d+(\\.\\d+)?") ? Double.parseDouble(text) : 0;
  }

  /** The reads of one server. */
  private static final class Side {
    private long[] micros = new long[1024];
    private int calls;
    private long errors;

    void add(boolean failed, long time) {
      if (calls == micros.length) {
        micros = Arrays.copyOf(micros, 2 * calls);
      }
      micros[calls] = time;
      calls++;
      errors += failed ? 1 : 0;
    }

    SideReads reads() {
      if (calls == 0) {
        return SideReads.NONE;
      }
      long[] sorted = Arrays.copyOf(micros, calls);
      Arrays.sort(sorted);
      return new SideReads(
          calls, errors, sorted[calls / 2], sorted[(int) Math.min(calls - 1L, calls * 95L / 100)]);
    }
  }
}
