package io.milvusferry.transfer;

import io.milvusferry.digest.Digest;
import io.milvusferry.transfer.bundle.BundleIndex;
import io.milvusferry.transfer.bundle.Position;

/** How far earlier runs of the same receipt came. */
final class ReceiveJournal {
  private static final String UNPACKED = "unpacked";
  private static final String NOTHING = "-";

  private final TransferJournal journal;
  private int next;
  private Position position = Position.START;

  /**
   * @param index of the bundle: records about other chunks are passed over
   */
  ReceiveJournal(TransferJournal journal, BundleIndex index) {
    this.journal = journal;
    for (String record : journal.records()) {
      replay(record.split(" ", -1), index);
    }
  }

  private void replay(String[] words, BundleIndex index) {
    if (!words[0].equals(UNPACKED)) {
      return; // of a later release; a journal is advice
    }
    int chunk = Integer.parseInt(words[1]);
    boolean same =
        chunk < index.chunks().size()
            && index.chunks().get(chunk).rawDigest().equals(new Digest(words[2]));
    if (same) {
      next = chunk + 1;
      position =
          new Position(
              words[3].equals(NOTHING) ? "" : words[3],
              Long.parseLong(words[4]),
              Long.parseLong(words[5]));
    } else {
      restart();
    }
  }

  /** The first chunk that is not known to be unpacked. */
  int next() {
    return next;
  }

  /** Where unpacking stood before that chunk. */
  Position position() {
    return position;
  }

  /** Begins anew: what was unpacked is not there any more. */
  void restart() {
    next = 0;
    position = Position.START;
  }

  /** Everything up to this chunk is on disk. */
  void unpacked(int chunk, Digest rawDigest, Position at) {
    journal.append(
        String.join(
            " ",
            UNPACKED,
            Integer.toString(chunk),
            rawDigest.hex(),
            at.path().isEmpty() ? NOTHING : at.path(),
            Long.toString(at.size()),
            Long.toString(at.written())));
  }
}
