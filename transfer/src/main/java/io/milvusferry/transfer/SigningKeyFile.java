package io.milvusferry.transfer;

import io.milvusferry.error.ErrorCode;
import io.milvusferry.error.FerryException;
import io.milvusferry.signature.SigningKey;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** A file with a private key that signs. */
public final class SigningKeyFile {
  private static final int MOST_BYTES = 64 << 10;
  private static final String HINT =
      "Name a private key of type Ed25519, RSA or ECDSA, such as ssh-keygen -t ed25519 makes.";

  private final Path file;
  private final Passphrase passphrase;

  private SigningKeyFile(Path file, Passphrase passphrase) {
    this.file = file;
    this.passphrase = passphrase;
  }

  /**
   * Opens a key as OpenSSH, PuTTY and PKCS#8 write it. A file beside it, with its public half or a
   * certificate, is not looked at.
   *
   * @param passphrase asked for when the file is encrypted; the characters are wiped after use
   * @throws FerryException {@link ErrorCode#SIGNING_KEY_UNUSABLE}
   */
  public static SigningKey load(Path file, Optional<Supplier<char[]>> passphrase) {
    return new SigningKeyFile(file, new Passphrase(passphrase)).load();
  }

  private SigningKey load() {
    try {
      FileKeyProvider provider = provider();
      PublicKey publicKey = provider.getPublic();
      return SigningKey.of(
          new Buffer.PlainBuffer().putPublicKey(publicKey).getCompactData(), provider.getPrivate());
    } catch (FerryException e) {
      throw e; // the passphrase cannot be read
    } catch (NoSuchFileException e) {
      throw unusable("there is no such file", HINT, e);
    } catch (IOException | RuntimeException e) {
      if (passphrase.isMissing()) {
        throw unusable(
            "it is encrypted, and its passphrase is not given",
            "Name a file with the passphrase (--sign-password-file), or a key without one that"
                + " only this user can read.",
            e);
      }
      throw unusable(
          String.valueOf(e.getMessage()),
          passphrase.wasAsked() ? "Check the passphrase in --sign-password-file." : HINT,
          e);
    }
  }

  private FileKeyProvider provider() throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is too long for a key");
    }
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    KeyFormat format = KeyProviderUtil.detectKeyFileFormat(content, false);
    @Nullable FileKeyProvider provider =
        Factory.Named.Util.create(
            new DefaultConfig().getFileKeyProviderFactories(), format.toString());
    if (provider == null) {
      throw new IOException("it holds no private key in a form that is known");
    }
    Reader reader = new StringReader(content);
    provider.init(reader, passphrase);
    return provider;
  }

  private FerryException unusable(String why, String hint, Exception cause) {
    return new FerryException(
        ErrorCode.SIGNING_KEY_UNUSABLE,
        "the key %s cannot sign: %s".formatted(file, why),
        hint,
        cause);
  }

  /** Remembers whether it was asked for. */
  private static final class Passphrase implements PasswordFinder {
    private final Optional<Supplier<char[]>> source;
    private final AtomicBoolean asked = new AtomicBoolean();

    Passphrase(Optional<Supplier<char[]>> source) {
      this.source = source;
    }

    boolean wasAsked() {
      return asked.get();
    }

    boolean isMissing() {
      return asked.get() && source.isEmpty();
    }

    @Override
    public char[] reqPassword(Resource<?> resource) {
      asked.set(true);
      return source.map(Supplier::get).orElseGet(() -> new char[0]);
    }

    @Override
    public boolean shouldRetry(Resource<?> resource) {
      return false;
    }
  }
}
