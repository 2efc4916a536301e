package io.milvusferry.migration.live;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.GatewayStatus;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;

/**
 * Where Nginx sends calls, each as {@code host:port}.
 *
 * @param writes the gateway, as this machine reaches it
 */
record NginxAddresses(String source, String target, String writes) {
  private static final int USUAL_PORT = 19530;

  static NginxAddresses of(GatewayStatus gateway) {
    String listen = hostAndPort(gateway.listen());
    return new NginxAddresses(
        hostAndPort(gateway.source()),
        hostAndPort(gateway.target()),
        listen.replaceFirst("^(0\\.0\\.0\\.0|\\[::\\]|\\[0:0:0:0:0:0:0:0\\]):", "127.0.0.1:"));
  }

  private static String hostAndPort(String address) {
    URI uri = URI.create(address.contains("://") ? address : "http://" + address);
    if (uri.getHost() == null) {
      throw new FerryException(
          ErrorCode.NGINX_REFUSED,
          "'%s' is no address that Nginx can send calls to".formatted(address),
          "Start the gateway with addresses of the form http://host:19530.",
          null);
    }
    return uri.getHost() + ":" + (uri.getPort() < 0 ? USUAL_PORT : uri.getPort());
  }

  /** How Nginx may write an address of the form {@code host:port} into its log. */
  static Set<String> resolved(String address) {
    int colon = address.lastIndexOf(':');
    String port = address.substring(colon);
    Set<String> all = new HashSet<>();
    all.add(address);
    try {
      for (InetAddress each : InetAddress.getAllByName(address.substring(0, colon))) {
        String text = each.getHostAddress();
        all.add((text.contains(":") ? "[" + text + "]" : text) + port);
      }
    } catch (UnknownHostException e) {
      throw new FerryException(
          ErrorCode.HOST_UNKNOWN,
          "the host of %s is not known on this machine".formatted(address),
          "Run ferry live where Nginx runs.",
          e);
    }
    return all;
  }
}
