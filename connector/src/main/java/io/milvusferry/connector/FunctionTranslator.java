package io.milvusferry.connector;

import io.milvus.grpc.FunctionSchema;
import io.milvus.grpc.FunctionType;
import io.milvusferry.manifest.FunctionSpec;

/**
 * Functions in the protocol's words and in ours. Only those whose outputs a server computes again
 * from the inputs alone are known: {@code BM25}.
 */
final class FunctionTranslator {
  private FunctionTranslator() {}

  /**
   * The function that a server describes.
   *
   * @throws io.milvusferry.error.FerryException {@code TYPE_UNKNOWN} naming the function
   */
  static FunctionSpec from(String collection, FunctionSchema function) {
    if (function.getType() != FunctionType.BM25) {
      throw SchemaTranslator.unknown(
          collection,
          String.join(", ", function.getOutputFieldNamesList()),
          "computed by the function %s of type %s".formatted(function.getName(), type(function)));
    }
    return new FunctionSpec(
        function.getName(),
        function.getType().name(),
        function.getDescription(),
        function.getInputFieldNamesList(),
        function.getOutputFieldNamesList(),
        SchemaTranslator.map(function.getParamsList()));
  }

  private static String type(FunctionSchema function) {
    return function.getType() == FunctionType.UNRECOGNIZED
        ? Integer.toString(function.getTypeValue())
        : function.getType().name();
  }

  static FunctionSchema to(FunctionSpec function) {
    FunctionSchema.Builder schema =
        FunctionSchema.newBuilder()
            .setName(function.name())
            .setType(FunctionType.valueOf(function.type()))
            .setDescription(function.description())
            .addAllInputFieldNames(function.inputs())
            .addAllOutputFieldNames(function.outputs());
    function.params().forEach((key, value) -> schema.addParams(SchemaTranslator.pair(key, value)));
    return schema.build();
  }
}
