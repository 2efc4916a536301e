package io.milvusferry.gateway.proxy;

import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerCallHandler;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvus.shaded.io.grpc.Status;
import io.milvusferry.error.FerryException;
import io.milvusferry.gateway.journal.Mirroring;
import io.milvusferry.gateway.journal.WriteKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds what becomes of a call by its name. Writes are always looked into; other calls that name
 * collections are while some are mirrored; everything else passes unseen.
 */
public final class CallRouter extends HandlerRegistry {
  private static final Map<String, WriteKind> WRITES =
      Map.of("Insert", WriteKind.INSERT, "Upsert", WriteKind.UPSERT, "Delete", WriteKind.DELETE);

  private final Sides sides;
  private final Mirroring mirroring;
  private final DualWriter writer;
  private final NamedCalls named;
  private final WriteBudget budget;
  private final CollectionDirectory directory;

  public CallRouter(
      Sides sides,
      Mirroring mirroring,
      ReadMeters meters,
      WriteThreads threads,
      EventLoops loops,
      InstantSource time) {
    this.sides = sides;
    this.budget = new WriteBudget(System::nanoTime, work -> loops.later(work, WriteBudget.SLOW));
    this.mirroring = mirroring;
    SourceClock clock = new SourceClock(time);
    this.directory = new CollectionDirectory(this::askInTurn);
    ReadRouter reads =
        new ReadRouter(
            sides,
            meters,
            new ShadowReads(sides.target()),
            clock,
            () -> ThreadLocalRandom.current().nextInt(100));
    this.writer = new DualWriter(sides, mirroring, directory, threads, clock);
    this.named = new NamedCalls(sides, mirroring, directory, reads);
  }

  /** Names of collections may mean something else from now on. */
  public void forgetNames() {
    directory.forget();
  }

  @Override
  public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
    MethodDescriptor<byte[], byte[]> method = RawMethods.named(name);
    return ServerMethodDefinition.create(method, handler(name, method));
  }

  private ServerCallHandler<byte[], byte[]> handler(
      String name, MethodDescriptor<byte[], byte[]> method) {
    String call =
        name.startsWith(RawMethods.MILVUS) ? name.substring(RawMethods.MILVUS.length()) : "";
    WriteKind kind = WRITES.get(call);
    if (kind != null) {
      return (down, headers) -> write(down, headers, kind);
    }
    CallNames names = CallNames.of(call);
    boolean stream = method.getType() != MethodDescriptor.MethodType.UNARY;
    if (stream && Refusals.always(call) && !mirroring.collections().isEmpty()) {
      return (down, headers) -> refuse(down, call);
    }
    boolean concerns =
        names != null
            && (names.canName() || Refusals.ofDatabase(call) || Refusals.always(call))
            && !stream;
    if (names == null
        || !concerns
        || (mirroring.collections().isEmpty() && !Refusals.changesNames(call))) {
      return (down, headers) -> Pipe.open(down, headers, sides.source());
    }
    return (down, headers) -> {
      down.request(2);
      return new CollectedCall(
          down, request -> named.call(down, headers, names, request), () -> {});
    };
  }

  /** Answers of streams have no place for a status of Milvus. */
  private ServerCall.Listener<byte[]> refuse(ServerCall<byte[], byte[]> down, String call) {
    FerryException refusal = Refusals.mirrored(call, mirroring.collections().get(0));
    down.close(
        Status.FAILED_PRECONDITION.withDescription(MilvusStatus.of(refusal).reason()),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private ServerCall.Listener<byte[]> write(
      ServerCall<byte[], byte[]> down, Metadata headers, WriteKind kind) {
    WriteBudget.Share share = budget.ask(() -> down.request(2));
    return new CollectedCall(
        down,
        request -> {
          share.settle(request.length);
          writer.write(new WriteCall(down, headers, kind, request, share::giveBack));
        },
        share::giveBack);
  }

  /** The server that decides about what is mirrored comes first. */
  private List<Side> askInTurn() {
    boolean targetDecides =
        mirroring.collections().stream()
            .flatMap(name -> mirroring.find(name).stream())
            .anyMatch(mirror -> sides.deciding(mirror.direction()) == sides.target());
    return targetDecides ? List.of(sides.target(), sides.source()) : List.of(sides.source());
  }
}
