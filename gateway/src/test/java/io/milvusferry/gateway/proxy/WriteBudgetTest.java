package io.milvusferry.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteBudgetTest {
  private final WriteBudget budget = new WriteBudget();
  private final List<String> granted = new ArrayList<>();

  @Test
  void readsNoMoreAtOnceThanFit() {
    budget.ask(() -> granted.add("first"));
    budget.ask(() -> granted.add("second"));
    budget.ask(() -> granted.add("third"));

    assertThat(granted).containsExactly("first", "second");
  }

  @Test
  void aSmallWriteThatIsHereMakesRoomForTheNext() {
    WriteBudget.Share first = budget.ask(() -> granted.add("first"));
    budget.ask(() -> granted.add("second"));
    budget.ask(() -> granted.add("third"));
    first.settle(1000);
    assertThat(granted).hasSize(2);
    first.giveBack();

    assertThat(granted).containsExactly("first", "second", "third");
  }

  @Test
  void aWriteThatWasGivenUpIsNotRead() {
    WriteBudget.Share first = budget.ask(() -> granted.add("first"));
    budget.ask(() -> granted.add("second"));
    WriteBudget.Share third = budget.ask(() -> granted.add("third"));
    budget.ask(() -> granted.add("fourth"));
    third.giveBack();
    first.giveBack();

    assertThat(granted).containsExactly("first", "second", "fourth");
  }

  @Test
  void givingBackTwiceChangesNothing() {
    WriteBudget.Share first = budget.ask(() -> granted.add("first"));
    first.giveBack();
    first.giveBack();
    for (int i = 0; i < 3; i++) {
      budget.ask(() -> granted.add("next"));
    }

    assertThat(granted).containsExactly("first", "next", "next");
  }
}
