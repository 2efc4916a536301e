package io.milvusferry.cli;

/** The real servers that scripts/test starts. */
enum LabServer {
  OLD("Milvus 2.2.16", "FERRY_IT_OLD"),
  SOURCE("Milvus 2.3.5", "FERRY_IT_SOURCE"),
  TARGET("Milvus 2.3.5", "FERRY_IT_TARGET"),
  CORE("milvus-lite 2.5.1", "FERRY_IT_CORE"),
  CORE_TARGET("milvus-lite 2.5.1", "FERRY_IT_CORE_TARGET"),
  LITE("milvus-lite 3.2.2", "FERRY_IT_LITE"),
  LITE_TARGET("milvus-lite 3.2.2", "FERRY_IT_LITE_TARGET");

  private final String product;
  private final String variable;

  LabServer(String product, String variable) {
    this.product = product;
    this.variable = variable;
  }

  /** Its name and version, as people write them. */
  String product() {
    return product;
  }

  String uri() {
    return Live.variable(variable);
  }
}
