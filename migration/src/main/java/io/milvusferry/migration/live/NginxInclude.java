package io.milvusferry.migration.live;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of the file that ferry owns in an Nginx: the format of its access log, and whom calls
 * go to.
 *
 * @param percent share of reads at the target, 0 to 100
 * @param sinceMillis when this share was set, in milliseconds of the epoch
 * @param logOffset size of the access log then
 * @param retired whether the target has all calls, also those that write
 */
record NginxInclude(
    NginxAddresses addresses, int percent, long sinceMillis, long logOffset, boolean retired) {
  /** The first line of every such file. */
  static final String HEADER = "# managed by ferry; do not edit, ferry writes this file anew";

  /** Where ferry's reads are counted from. */
  record Mark(long sinceMillis, long logOffset) {}

  private static final Pattern MARK =
      Pattern.compile("(?m)^# since (\\d+) ms, log at (\\d+), (\\d+) % at the target$");

  String text() {
    return """
        %s
        # since %d ms, log at %d, %d %% at the target
        log_format ferry '$msec $request_uri $upstream_addr $upstream_status '
                         '$upstream_response_time '
                         '$upstream_http_grpc_status $upstream_trailer_grpc_status';
        upstream ferry_writes {
          server %s;
          keepalive 32;
        }
        upstream ferry_reads {
          server %s;
          server %s;
          keepalive 32;
        }
        """
        .formatted(
            HEADER,
            sinceMillis,
            logOffset,
            percent,
            retired ? addresses.target() : addresses.writes(),
            server(addresses.source(), 100 - percent),
            server(addresses.target(), percent));
  }

  /** A weight of 0 is refused by Nginx; such a server is down. */
  private static String server(String address, int weight) {
    return weight == 0
        ? address + " down"
        : String.format(Locale.ROOT, "%s weight=%d", address, weight);
  }

  static boolean isOurs(String text) {
    return text.startsWith(HEADER);
  }

  /** From where on a file of ours counts reads; the beginning for another. */
  static Mark mark(String text) {
    Matcher matcher = MARK.matcher(text);
    return matcher.find()
        ? new Mark(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
        : new Mark(0, 0);
  }
}
