package io.milvusferry.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameFilterTest {
  @Test
  void selectsEverythingByDefault() {
    assertThat(NameFilter.ALL.selects(new CollectionName("default", "a"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          products       | default | products   | true
          products       | shop    | products   | true
          products       | shop    | products2  | false
          shop.*         | shop    | products   | true
          shop.*         | shops   | products   | false
          *.users_?      | shop    | users_1    | true
          *.users_?      | shop    | users_12   | false
          s*.p*          | shop    | products   | true
          shop.{a,b}     | shop    | b          | true
          shop.{a,b}     | shop    | c          | false
          t[0-3]         | default | t3         | true
          t[0-3]         | default | t4         | false
          t[!0-3]        | default | t4         | true
          a+b            | default | a+b        | true
          a+b            | default | aab        | false
          PRODUCTS       | default | products   | false
          """)
  void readsGlobs(String glob, String database, String name, boolean selected) {
    assertThat(new NameFilter(List.of(glob), List.of()).selects(new CollectionName(database, name)))
        .isEqualTo(selected);
  }

  @Test
  void letsSkipWinOverOnly() {
    NameFilter filter = new NameFilter(List.of("shop.*"), List.of("shop.tmp_*"));

    assertThat(filter.selects(new CollectionName("shop", "products"))).isTrue();
    assertThat(filter.selects(new CollectionName("shop", "tmp_1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "shop.", ".a", "a[", "{a", "{a.b,c}", "[z-a]"})
  void refusesWhatIsNoGlob(String text) {
    assertThatThrownBy(() -> new NameFilter(List.of(text), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }
}
