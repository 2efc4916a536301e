package io.milvusferry.importer;

/** Forms of values that some servers refuse, or change, although they hold the type. */
enum ValueForm {
  LIST("a document that is a list"),
  NUMBER("a document that is a number alone"),
  TRUTH("a document that is a truth value alone"),
  NOTHING("a document that is null alone"),
  TEXT("a document that is a text alone"),
  SHADOW("a key of the dynamic field that has the name of a field"),
  EMPTY("a sparse vector without elements");

  private final String words;

  ValueForm(String words) {
    this.words = words;
  }

  /** For people, with an article. */
  String words() {
    return words;
  }
}
