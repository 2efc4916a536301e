package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.signature.Origin;
import java.nio.file.Path;
import java.util.List;

/** What became of a bundle that was to be received. */
public sealed interface ReceiveResult {
  /** Where the bundle lies. */
  String bundle();

  Digest archiveId();

  /**
   * The archive is there, verified and sealed.
   *
   * @param origin what the signature of the archive says of where it comes from
   * @param bytesFetched wire bytes that were fetched in this run
   * @param alreadyThere whether an earlier run had done it all
   * @param connections that were open at once, at most; zero for a directory
   */
  record Received(
      String bundle,
      Digest archiveId,
      Path archive,
      Origin origin,
      int chunks,
      long rawBytes,
      long wireBytes,
      long bytesFetched,
      boolean alreadyThere,
      int connections)
      implements ReceiveResult {
    /** How many times smaller the bundle is than the archive. */
    public double ratio() {
      return (double) rawBytes / wireBytes;
    }
  }

  /**
   * Some chunks are not what the index says, and there is no archive. What was good is kept, and is
   * not fetched again.
   *
   * @param places that hold the damaged chunks: of volumes only those
   * @param encryptedVolumes whether the bundle is encrypted and on volumes, so that chunks of it
   *     can be shipped again only until the last volume is written
   */
  record Damaged(
      String bundle,
      Digest archiveId,
      String places,
      boolean encryptedVolumes,
      List<DamagedChunk> damaged)
      implements ReceiveResult {
    public Damaged {
      damaged = List.copyOf(damaged);
    }

    /** The value for {@code ferry ship --again}, such as {@code 7,12}. */
    public String again() {
      return String.join(
          ",", damaged.stream().map(chunk -> Integer.toString(chunk.index())).toList());
    }
  }

  /**
   * Volumes are missing, and there is no archive yet. What was on those that were there is kept,
   * and is not asked for again.
   *
   * @param volumes of the bundle
   * @param missing what is still to come, by volume
   * @param bytesFetched wire bytes that were read in this run
   */
  record Incomplete(
      String bundle, Digest archiveId, int volumes, List<MissingVolume> missing, long bytesFetched)
      implements ReceiveResult {
    public Incomplete {
      missing = List.copyOf(missing);
    }
  }

  /**
   * A volume of which chunks are needed that are not here.
   *
   * @param number from one
   * @param chunks ascending
   */
  record MissingVolume(int number, List<Integer> chunks) {
    public MissingVolume {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * A chunk that is not what the index says.
   *
   * @param problem what is wrong, with expected and actual values
   * @param rejected whether it was renamed out of the way
   */
  record DamagedChunk(int index, String problem, boolean rejected) {}
}
