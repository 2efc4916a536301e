package io.milvusferry.gateway.proxy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where applications find the gateway.
 *
 * @param address port 0 for any free one
 * @param certFile certificate chain in PEM; without it connections are not encrypted
 * @param keyFile its private key
 * @param clientCaFile certificates that clients must show one of; without it they need none
 */
public record ListenSettings(
    InetSocketAddress address,
    Optional<Path> certFile,
    Optional<Path> keyFile,
    Optional<Path> clientCaFile) {}
