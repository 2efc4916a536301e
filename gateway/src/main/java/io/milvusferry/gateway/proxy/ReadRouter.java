package io.milvusferry.gateway.proxy;

import io.milvus.grpc.ConsistencyLevel;
import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.Context;
import io.milvus.shaded.io.grpc.Deadline;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.gateway.Direction;
import io.milvusferry.gateway.journal.Mirror;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Splits the reads of a mirrored collection between the two servers, by weight, and only where the
 * application cannot notice: the target answers no read that would miss a write, and a read that it
 * fails is answered by the source. Runs on event loops; nothing here waits.
 */
final class ReadRouter {
  private static final int STATUS = 1;
  private static final long EVENTUALLY = 1;
  private static final Duration TOLERABLE_LAG = Duration.ofSeconds(5);
  private static final long TARGET_SECONDS = 30;

  private final Sides sides;
  private final ReadMeters meters;
  private final ShadowReads shadows;
  private final SourceClock clock;
  private final IntSupplier percent;
  private final TargetHealth health = new TargetHealth();

  /**
   * @param percent draws a number from 0 to 99
   */
  ReadRouter(
      Sides sides, ReadMeters meters, ShadowReads shadows, SourceClock clock, IntSupplier percent) {
    this.sides = sides;
    this.meters = meters;
    this.shadows = shadows;
    this.clock = clock;
    this.percent = percent;
  }

  /** Sees to the answer of a read of a mirrored collection. */
  void read(
      ServerCall<byte[], byte[]> down,
      Metadata headers,
      ReadKind kind,
      byte[] request,
      Mirror mirror,
      Described collection) {
    ReadMeter meter = meters.of(mirror.collection());
    Read read = new Read(down, headers, kind, request, meter);
    if (mirror.direction() != Direction.FORWARD) {
      ask(read, sides.target(), meter.target, request, remaining(), answer -> answer.to(down));
      return;
    }
    ReadRequest parsed = ReadRequest.parse(kind, request);
    boolean drawn = !parsed.pinned() && percent.getAsInt() < mirror.readWeight();
    if (!drawn) {
      fromSource(read, parsed, mirror, collection);
    } else if (health.away() || !fresh(parsed, mirror, collection)) {
      meter.fellBack();
      fromSource(read, parsed, mirror, collection);
    } else {
      fromTarget(read, parsed, mirror, collection);
    }
  }

  /** One read on its way. */
  private record Read(
      ServerCall<byte[], byte[]> down,
      Metadata headers,
      ReadKind kind,
      @SuppressWarnings("ArrayRecordComponent") byte[] request,
      ReadMeter meter) {}

  private interface Then {
    void take(Answer answer);
  }

  private void fromSource(Read read, ReadRequest parsed, Mirror mirror, Described collection) {
    boolean shadowed =
        read.kind().search()
            && mirror.shadowPercent() > 0
            && percent.getAsInt() < mirror.shadowPercent()
            && fresh(parsed, mirror, collection);
    long began = System.nanoTime();
    ask(
        read,
        sides.source(),
        read.meter().source,
        read.request(),
        remaining(),
        answer -> {
          long nanos = System.nanoTime() - began;
          answer.to(read.down());
          if (shadowed && answer.milvusStatus(STATUS).ok()) {
            shadows.offer(
                read.down().getMethodDescriptor(),
                read.headers(),
                mapped(read, parsed, mirror),
                answer,
                nanos,
                read.meter());
          }
        });
  }

  private void fromTarget(Read read, ReadRequest parsed, Mirror mirror, Described collection) {
    Context context = Context.current();
    ask(
        read,
        sides.target(),
        read.meter().target,
        mapped(read, parsed, mirror),
        sooner(remaining()),
        answer -> {
          if (answer.milvusStatus(STATUS).ok() || read.down().isCancelled()) {
            answer.to(read.down());
            return;
          }
          if (answer.status().getCode() == Status.Code.UNAVAILABLE
              || answer.status().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            health.failed();
          }
          read.meter().fellBack();
          context.run(() -> fromSource(read, parsed, mirror, collection));
        });
  }

  private static void ask(
      Read read, Side side, SideMeter meter, byte[] request, CallOptions options, Then then) {
    long began = System.nanoTime();
    UnaryCall.send(
        side,
        read.down().getMethodDescriptor(),
        side.headers(read.headers()),
        request,
        options,
        answer -> {
          if (!read.down().isCancelled()) {
            meter.count(System.nanoTime() - began, !answer.milvusStatus(STATUS).ok());
          }
          then.take(answer);
        });
  }

  /** Whether the target has all that the read must see. */
  private boolean fresh(ReadRequest read, Mirror mirror, Described collection) {
    return switch (read.freshness(collection)) {
      case Bounded, Eventually ->
          mirror.reached(Long.MAX_VALUE) || mirror.reached(clock.ago(TOLERABLE_LAG));
      case Session, Customized ->
          mirror.reached(read.bearsTimestamp() ? read.guarantee() : Long.MAX_VALUE);
      default -> mirror.reached(Long.MAX_VALUE);
    };
  }

  /**
   * The request with the target's own timestamp in place of the source's, which means nothing
   * there.
   */
  private static byte[] mapped(Read read, ReadRequest parsed, Mirror mirror) {
    if (!parsed.bearsTimestamp() && parsed.consistency() != ConsistencyLevel.Session) {
      return read.request();
    }
    long own = mirror.followerTimestamp();
    return WireFields.with(read.request(), read.kind().guarantee, own == 0 ? EVENTUALLY : own);
  }

  private static CallOptions remaining() {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withDeadline(deadline);
  }

  /** Leaves the source time to answer when the target does not. */
  private static CallOptions sooner(CallOptions options) {
    Deadline deadline = options.getDeadline();
    long millis =
        deadline == null
            ? TimeUnit.SECONDS.toMillis(TARGET_SECONDS)
            : Math.min(
                TimeUnit.SECONDS.toMillis(TARGET_SECONDS),
                deadline.timeRemaining(TimeUnit.MILLISECONDS) / 2);
    return CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
  }
}
