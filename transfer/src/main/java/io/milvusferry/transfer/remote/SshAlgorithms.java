package io.milvusferry.transfer.remote;

import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.ChachaPolyCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.mac.Macs;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultSecurityProviderConfig;

/**
 * What is offered to a server: the crypto of the Java platform, which is several times faster than
 * the library's own, fast ciphers first, and nothing that is known to be weak.
 */
final class SshAlgorithms {
  private SshAlgorithms() {}

  static Config config() {
    DefaultSecurityProviderConfig config = new DefaultSecurityProviderConfig();
    config.setCipherFactories(
        List.of(
            GcmCiphers.AES128GCM(),
            GcmCiphers.AES256GCM(),
            BlockCiphers.AES128CTR(),
            BlockCiphers.AES192CTR(),
            BlockCiphers.AES256CTR(),
            ChachaPolyCiphers.CHACHA_POLY_OPENSSH()));
    config.setMACFactories(
        List.of(
            Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
    config.setKeyExchangeFactories(
        config.getKeyExchangeFactories().stream()
            .filter(
                factory ->
                    !factory.getName().endsWith("-sha1")
                        && !factory.getName().contains("group1-")
                        && !factory.getName().contains("group-exchange-sha1"))
            .toList());
    config.setKeyAlgorithms(
        config.getKeyAlgorithms().stream()
            .filter(
                factory ->
                    !factory.getName().startsWith("ssh-rsa")
                        && !factory.getName().startsWith("ssh-dss"))
            .toList());
    config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    return config;
  }
}
