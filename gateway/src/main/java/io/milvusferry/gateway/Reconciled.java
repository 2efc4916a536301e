package io.milvusferry.gateway;

/**
 * What became of rows that were to be made equal.
 *
 * @param repaired rows that differed, and were added, overwritten or deleted
 * @param unsettled rows that were left alone: what the sides say of them changed between two looks,
 *     or more than an addition was needed and not allowed
 * @param refused rows that would have to be overwritten or deleted where that is more than allowed;
 *     then nothing was done, else it is 0
 */
public record Reconciled(int repaired, int unsettled, int refused) {}
