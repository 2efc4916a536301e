package io.milvusferry.transfer.remote;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;
import net.schmizz.sshj.userauth.method.AuthMethod;

/** Lets an SSH agent sign: the keys stay in the agent. */
final class SshAgent {
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;
  private static final int SIGN_RSA_SHA2_512 = 4;
  private static final int LARGEST_ANSWER = 1 << 18;

  /** A server counts every key that is offered as an attempt, and allows six. */
  private static final int MOST_KEYS = 5;

  private SshAgent() {}

  /** A way to log in for each key that the agent holds; none when there is no agent. */
  static List<AuthMethod> methods(Path socket) {
    List<AuthMethod> methods = new ArrayList<>();
    try {
      Buffer.PlainBuffer answer =
          ask(socket, new Buffer.PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
      long count = answer.readUInt32();
      for (long i = 0; i < count && methods.size() < MOST_KEYS; i++) {
        byte[] key = answer.readStringAsBytes();
        answer.readString(); // the comment
        String type = new Buffer.PlainBuffer(key).readString();
        if (!type.contains("-cert-")) {
          methods.add(new AgentKey(socket, key, type));
        }
      }
    } catch (IOException expected) {
      // An agent that is gone is only one of several ways in.
      return methods;
    }
    return methods;
  }

  private static Buffer.PlainBuffer ask(Path socket, Buffer.PlainBuffer question, byte expected)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      byte[] body = question.getCompactData();
      ByteBuffer message = ByteBuffer.allocate(Integer.BYTES + body.length);
      message.putInt(body.length).put(body).flip();
      while (message.hasRemaining()) {
        channel.write(message);
      }
      int length = read(channel, Integer.BYTES).getInt();
      if (length < 1 || length > LARGEST_ANSWER) {
        throw new IOException("the agent's answer has %d bytes".formatted(length));
      }
      Buffer.PlainBuffer answer = new Buffer.PlainBuffer(read(channel, length).array());
      if (answer.readByte() != expected) {
        throw new IOException("the agent refuses");
      }
      return answer;
    }
  }

  private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("the agent closed the connection");
      }
    }
    return buffer.flip();
  }

  /** Public-key login with a key of the agent: first asks whether the server wants it. */
  private static final class AgentKey extends AbstractAuthMethod {
    private final Path socket;
    private final byte[] key;
    private final boolean rsa;
    private final String algorithm;

    AgentKey(Path socket, byte[] key, String type) {
      super("publickey");
      this.socket = socket;
      this.key = key;
      this.rsa = type.equals("ssh-rsa");
      this.algorithm = rsa ? "rsa-sha2-512" : type;
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
      return request(false);
    }

    private SSHPacket request(boolean signed) throws UserAuthException {
      return super.buildReq().putBoolean(signed).putString(algorithm).putString(key);
    }

    @Override
    public void handle(Message message, SSHPacket packet)
        throws UserAuthException, TransportException {
      if (message != Message.USERAUTH_60) {
        super.handle(message, packet);
        return;
      }
      SSHPacket request = request(true);
      byte[] data =
          new Buffer.PlainBuffer()
              .putString(params.getTransport().getSessionID())
              .putBuffer(request)
              .getCompactData();
      try {
        Buffer.PlainBuffer answer =
            ask(
                socket,
                new Buffer.PlainBuffer()
                    .putByte(SIGN_REQUEST)
                    .putString(key)
                    .putString(data)
                    .putUInt32(rsa ? SIGN_RSA_SHA2_512 : 0),
                SIGN_RESPONSE);
        params.getTransport().write(request.putString(answer.readStringAsBytes()));
      } catch (TransportException e) {
        throw e;
      } catch (IOException e) {
        throw new UserAuthException("the agent does not sign", e);
      }
    }
  }
}
