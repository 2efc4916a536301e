package io.milvusferry.migration.live;

import io.milvusferry.connector.MilvusServer;
import io.milvusferry.gateway.GatewayControl;
import java.nio.file.Path;

/**
 * What a live migration works with. Whoever opened the servers and the gateway closes them.
 *
 * @param directory the gateway's state directory, where the phases are recorded too
 * @param source the server that the gateway has as its source
 * @param target the server that the gateway has as its target
 */
public record LiveSetup(
    Path directory, GatewayControl gateway, MilvusServer source, MilvusServer target) {}
