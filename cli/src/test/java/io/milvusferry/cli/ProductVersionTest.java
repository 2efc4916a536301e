package io.milvusferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ProductVersionTest {
  @Test
  void namesTheCommitThatItWasBuiltFrom() throws IOException {
    Properties properties = properties("version=1.2.3\ncommit=0123456789ab\nmodified=false\n");

    assertThat(ProductVersion.from(properties)).hasToString("milvus-ferry 1.2.3 (0123456789ab)");
  }

  @Test
  void admitsThatTheSourcesWereChanged() throws IOException {
    Properties properties = properties("version=1.2.3\ncommit=0123456789ab\nmodified=true\n");

    assertThat(ProductVersion.from(properties))
        .hasToString("milvus-ferry 1.2.3 (0123456789ab, modified)");
  }

  @Test
  void saysUnknownWhereTheSourcesCameWithoutTheirHistory() throws IOException {
    Properties properties = properties("version=1.2.3\ncommit=unknown\nmodified=unknown\n");

    assertThat(ProductVersion.from(properties)).hasToString("milvus-ferry 1.2.3 (unknown)");
  }

  @Test
  void refusesABuildWithoutAVersion() {
    assertThatThrownBy(() -> ProductVersion.from(properties("commit=unknown\n")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Maven filled in every placeholder of the resource that ships. */
  @Test
  void ofThisBuildHasNoPlaceholderLeft() {
    ProductVersion current = ProductVersion.current();

    assertThat(current.version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    assertThat(current.commit()).matches("[0-9a-f]{12}|unknown");
  }

  private static Properties properties(String text) throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(text));
    return properties;
  }
}
