package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<Runnable> later = new ArrayList<>();
  private final WriteBudget budget = new WriteBudget(nanos::get, later::add);
  private final List<String> granted = new ArrayList<>();

  @Test
  void readsOneAtATimeWhileItMayBeTheLargest() {
    budget.ask(() -> granted.add("first"));
    budget.ask(() -> granted.add("second"));

    assertThat(granted).containsExactly("first");
  }

  @Test
  void smallWritesThatAreHereLeaveRoomForOthers() {
    for (int i = 0; i < 30; i++) {
      budget.ask(() -> granted.add("small")).settle(1_000_000);
    }
    assertThat(granted).hasSize(30);
  }

  @Test
  void aLargeWriteThatIsHereKeepsOthersOutUntilItEnded() {
    WriteBudget.Share large = budget.ask(() -> granted.add("large"));
    budget.ask(() -> granted.add("next"));
    large.settle(60_000_000);
    assertThat(granted).containsExactly("large");
    large.giveBack();

    assertThat(granted).containsExactly("large", "next");
  }

  @Test
  void aWriteThatWasGivenUpIsNotRead() {
    WriteBudget.Share first = budget.ask(() -> granted.add("first"));
    WriteBudget.Share second = budget.ask(() -> granted.add("second"));
    budget.ask(() -> granted.add("third"));
    second.giveBack();
    first.giveBack();

    assertThat(granted).containsExactly("first", "third");
  }

  @Test
  void givingBackTwiceChangesNothing() {
    WriteBudget.Share first = budget.ask(() -> granted.add("first"));
    first.giveBack();
    first.giveBack();
    budget.ask(() -> granted.add("second"));
    budget.ask(() -> granted.add("third"));

    assertThat(granted).containsExactly("first", "second");
  }

  @Test
  void aSlowWriteDoesNotKeepOthersOut() {
    budget.ask(() -> granted.add("slow"));
    budget.ask(() -> granted.add("next"));
    assertThat(granted).containsExactly("slow");
    nanos.set(WriteBudget.SLOW.toNanos());
    later.remove(0).run();

    assertThat(granted).containsExactly("slow", "next");
  }
}
