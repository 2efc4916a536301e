package io.milvusferry.transfer;

/**
 * What became of one volume of a bundle.
 *
 * @param place its directory
 * @param number from one
 * @param bytes of all its files
 * @param here whether it lies there now; one that an earlier run wrote may have been taken away
 */
public record ShippedVolume(String place, int number, int chunks, long bytes, boolean here) {}
