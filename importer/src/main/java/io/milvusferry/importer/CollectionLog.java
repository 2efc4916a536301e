package io.milvusferry.importer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.milvusferry.manifest.CollectionName;
import io.milvusferry.manifest.PartEntry;
import java.time.InstantSource;
import java.util.List;

/** Writes what happens to one target collection into the journal. */
final class CollectionLog {
  private final ImportJournal journal;
  private final CollectionName target;
  private final InstantSource clock;

  CollectionLog(ImportJournal journal, CollectionName target, InstantSource clock) {
    this.journal = journal;
    this.target = target;
    this.clock = clock;
  }

  CollectionProgress progress() {
    return journal.progress(target);
  }

  PartProgress progress(PartEntry part) {
    return progress().part(part.path());
  }

  void begin(CollectionProgress.Begin begin) {
    JsonObject record = about("begin");
    record.addProperty("entry", begin.entry());
    record.addProperty("append", begin.append());
    record.addProperty("autoId", begin.autoId().name());
    record.addProperty("rowsBefore", begin.rowsBefore());
    journal.write(record);
  }

  void dropping(long id) {
    number("dropping", "id", id);
  }

  void dropped() {
    journal.write(about("dropped"));
  }

  void creating(long since) {
    number("creating", "since", since);
  }

  void created(long id) {
    number("created", "id", id);
  }

  void indexing(String index) {
    JsonObject record = about("indexing");
    record.addProperty("index", index);
    journal.write(record);
  }

  void indexDropped() {
    journal.write(about("indexDropped"));
  }

  void loading() {
    journal.write(about("loading"));
  }

  void released() {
    journal.write(about("released"));
  }

  void declared(List<Deviation> deviations) {
    JsonObject record = about("declared");
    JsonArray all = new JsonArray();
    deviations.forEach(deviation -> all.add(deviation.json()));
    record.add("deviations", all);
    journal.write(record);
  }

  void publishing(Swap swap) {
    JsonObject record = about("publishing");
    record.addProperty("as", swap.name().name());
    record.addProperty("replaced", swap.replaced());
    JsonArray aliases = new JsonArray();
    swap.aliases().forEach(aliases::add);
    record.add("aliases", aliases);
    record.addProperty("loaded", swap.loaded());
    journal.write(record);
  }

  /** It has the name that it was to have; all further records are under that name. */
  void published(CollectionName name) {
    renamed("published", name);
  }

  /** It has its temporary name again. */
  void reverted(CollectionName name) {
    renamed("reverted", name);
  }

  private void renamed(String type, CollectionName name) {
    JsonObject record = about(type);
    record.addProperty("as", name.name());
    journal.write(record);
  }

  /** The collection that had its name is dropped, or has it again. */
  void keptGone() {
    journal.write(about("keptGone"));
  }

  void ended(CollectionProgress.End end) {
    JsonObject record = about("end");
    record.addProperty("end", end.name());
    record.addProperty("at", clock.instant().toString());
    journal.write(record);
  }

  void submitting(PartEntry part, PartProgress.Attempt attempt) {
    JsonObject record = about(part, "submitting");
    record.addProperty("number", attempt.number());
    record.addProperty("file", attempt.file());
    JsonArray known = new JsonArray();
    attempt.known().forEach(known::add);
    record.add("known", known);
    record.addProperty("millis", attempt.millis());
    journal.write(record);
  }

  void submitted(PartEntry part, long task) {
    JsonObject record = about(part, "submitted");
    record.addProperty("task", task);
    journal.write(record);
  }

  void failed(PartEntry part, String reason) {
    JsonObject record = about(part, "failed");
    record.addProperty("reason", reason);
    journal.write(record);
  }

  void inserting(PartEntry part, long upTo) {
    JsonObject record = about(part, "inserting");
    record.addProperty("upTo", upTo);
    record.addProperty("millis", clock.millis());
    journal.write(record);
  }

  void inserted(PartEntry part, long upTo) {
    JsonObject record = about(part, "inserted");
    record.addProperty("upTo", upTo);
    journal.write(record);
  }

  void loaded(PartEntry part) {
    journal.write(about(part, "loaded"));
  }

  private void number(String type, String key, long value) {
    JsonObject record = about(type);
    record.addProperty(key, value);
    journal.write(record);
  }

  private JsonObject about(String type) {
    return ImportJournal.about(target, type);
  }

  private JsonObject about(PartEntry part, String type) {
    JsonObject record = about(type);
    record.addProperty("part", part.path());
    return record;
  }
}
