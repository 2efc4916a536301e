package io.milvusferry.testkit;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What goes wrong at a {@link FakeMilvus}, and what happens meanwhile. Calls are counted from the
 * moment at which a fault is arranged; the next one is number 1. Safe for several threads.
 */
public final class FakeFaults {
  private record Planned(FakeCall call, long at, boolean after, Runnable action) {}

  private final Map<FakeCall, Long> calls = new EnumMap<>(FakeCall.class);
  private final List<Planned> planned = new ArrayList<>();

  FakeFaults() {}

  /** Runs {@code action} before the nth call from now on; what it throws is the call's failure. */
  public synchronized void before(FakeCall call, int nth, Runnable action) {
    planned.add(new Planned(call, count(call) + nth, false, action));
  }

  /** Runs {@code action} after the nth call from now on had its effect. */
  public synchronized void after(FakeCall call, int nth, Runnable action) {
    planned.add(new Planned(call, count(call) + nth, true, action));
  }

  /** The nth call from now on fails, and has no effect. */
  public void fail(FakeCall call, int nth, ErrorCode code) {
    before(
        call,
        nth,
        () -> {
          throw failure(call, code);
        });
  }

  /** The nth call from now on and all later ones fail, as if the server had died. */
  public void failFrom(FakeCall call, int nth, ErrorCode code) {
    before(
        call,
        nth,
        () -> {
          failFrom(call, 1, code);
          throw failure(call, code);
        });
  }

  /** The nth call from now on has its effect, but the caller hears of a failure. */
  public void loseAnswer(FakeCall call, int nth, ErrorCode code) {
    after(
        call,
        nth,
        () -> {
          throw failure(call, code);
        });
  }

  /** Nothing goes wrong any more. */
  public synchronized void clear() {
    planned.clear();
  }

  /** How often something was asked for. */
  public synchronized long count(FakeCall call) {
    return calls.getOrDefault(call, 0L);
  }

  /** Makes a call, with what was arranged for it. */
  <T> T run(FakeCall call, Supplier<T> effect) {
    List<Planned> now = due(call);
    now.stream().filter(plan -> !plan.after()).forEach(plan -> plan.action().run());
    T answer = effect.get();
    now.stream().filter(Planned::after).forEach(plan -> plan.action().run());
    return answer;
  }

  private synchronized List<Planned> due(FakeCall call) {
    long number = calls.merge(call, 1L, Long::sum);
    List<Planned> now =
        planned.stream().filter(plan -> plan.call() == call && plan.at() == number).toList();
    planned.removeAll(now);
    return now;
  }

  private static FerryException failure(FakeCall call, ErrorCode code) {
    return new FerryException(
        code, "%s was made to fail".formatted(call), "A test arranged this failure.", null);
  }
}
