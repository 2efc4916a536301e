package io.milvusferry.transfer;

import io.milvusferry.error.FerryException;
import io.milvusferry.error.LocalFailure;
import io.milvusferry.progress.ProgressSink;
import java.io.IOException;

/** Ships sealed archives as bundles, and receives bundles as archives. */
public final class Shipment {
  private final ProgressSink progress;

  public Shipment(ProgressSink progress) {
    this.progress = progress;
  }

  /**
   * Ships an archive: its chunks first, the index of the bundle last. A second call continues where
   * the first was stopped, and finds nothing to do when the first was not.
   *
   * @throws FerryException with the codes {@code ARC-…} when the archive is not whole, {@code
   *     SHIP-…} when the other side cannot be reached or refuses. The bundle is not there then, but
   *     what was acknowledged is, and is not sent again.
   */
  public ShipResult ship(ShipRequest request) {
    try {
      return new ShipRun(request, progress).run();
    } catch (IOException e) {
      throw LocalFailure.of(e, request.archive());
    }
  }

  /**
   * Begins with an archive that is still being made; {@link ShipAhead#finish} ships what is left of
   * it.
   *
   * @param request of which the archive need not be there yet
   */
  public ShipAhead ahead(ShipRequest request) {
    return new ShipAhead(request, progress);
  }

  /**
   * Receives a bundle: checks every chunk, unpacks it, and verifies the archive before its seal
   * appears. A second call continues where the first was stopped.
   *
   * @throws FerryException with the codes {@code RCV-…} when the bundle is not there, not complete,
   *     or not ours, {@code SHIP-…} when the other side cannot be reached or refuses. There is no
   *     archive then, but what was verified is not fetched again.
   */
  public ReceiveResult receive(ReceiveRequest request) {
    try {
      return new ReceiveRun(request, progress).run();
    } catch (IOException e) {
      throw LocalFailure.of(e, request.to());
    }
  }
}
