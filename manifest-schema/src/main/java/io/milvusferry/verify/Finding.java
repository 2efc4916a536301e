package io.milvusferry.verify;

/** One difference between what was expected and what is. */
public sealed interface Finding permits FileFinding, RowFinding, DescriptionFinding {
  /** What kind of difference, one of the kinds of its class. */
  Enum<?> kind();

  /** What should be there, as text; empty where nothing should. */
  String expected();

  /** What is there, as text; empty where nothing is. */
  String actual();

  /** One sentence that says where and what, in lower case, without a full stop. */
  String message();
}
