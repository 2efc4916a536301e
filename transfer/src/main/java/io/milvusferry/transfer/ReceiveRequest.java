package io.milvusferry.transfer;

import java.nio.file.Path;

/**
 * What to receive, and where to.
 *
 * @param from the directory of a bundle, or one that holds a single bundle
 * @param to new, empty, or left by an earlier run for the same bundle
 * @param state directory for journals, made when it is not there
 */
public record ReceiveRequest(Destination from, Path to, Path state) {}
