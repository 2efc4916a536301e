package io.milvusferry.cli;

import io.milvusferry.transfer.age.Recipient;
import io.milvusferry.transfer.age.Recipients;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who can open what is shipped. */
final class EncryptToOption {
  @Option(
      names = "--encrypt-to",
      paramLabel = "RECIPIENT",
      description =
          "Encrypt the bundle with age for this recipient (age1…, or a file of them); repeat it for"
              + " more. ferry --decrypt-with and age -d open it.")
  List<String> encryptTo = new ArrayList<>();

  /** All of them; empty where everybody can open it. */
  Optional<Recipients> recipients(Session session) {
    if (encryptTo.isEmpty()) {
      return Optional.empty();
    }
    Recipients recipients = Recipients.of(encryptTo);
    for (Recipient recipient : recipients.all()) {
      session.console().message("encrypt    to " + recipient.text());
    }
    return Optional.of(recipients);
  }
}
