package io.milvusferry.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address to listen at, such as {@code 0.0.0.0:19530} or {@code [::1]:19530}. */
record HostAndPort(String host, int port) {
  private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[\\w.-]+):(\\d{1,5})");

  static HostAndPort parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
      throw new IllegalArgumentException("'" + text + "' is not an address such as 0.0.0.0:19530");
    }
    return new HostAndPort(
        matcher.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(matcher.group(2)));
  }

  InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }
}
