package io.milvusferry.transfer.remote;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.KeyedAuthMethod;

/**
 * Public-key login that signs at once, instead of asking first whether the server wants the key
 * (RFC 4252, section 7): one round trip less. What is signed is of use on this connection alone.
 */
final class SignedLogin extends KeyedAuthMethod {
  SignedLogin(KeyProvider key) {
    super("publickey", key);
  }

  @Override
  protected SSHPacket buildReq() throws UserAuthException {
    return putSig(putPubKey(super.buildReq().putBoolean(true)));
  }
}
