package io.milvusferry.gateway;

import io.milvusferry.connector.ConnectionSettings;
import io.milvusferry.gateway.proxy.ListenSettings;
import io.milvusferry.progress.ByteSize;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What a gateway needs to run.
 *
 * @param source the server whose applications it serves; they bring their own credentials
 * @param target the server that is kept current; its credentials replace those of applications
 * @param state directory of the journal; made if it is not there
 * @param maxLag size of journaled writes from which on new ones are refused until the target has
 *     caught up
 * @param version of this build, for its status
 */
public record GatewaySettings(
    ConnectionSettings source,
    ConnectionSettings target,
    ListenSettings listen,
    Path state,
    ByteSize maxLag,
    String version,
    InstantSource clock) {}
