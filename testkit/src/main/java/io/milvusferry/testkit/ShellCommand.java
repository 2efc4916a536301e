package io.milvusferry.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;

/** A command that somebody runs on the server in this process: {@code sh -c}, as sshd does it. */
final class ShellCommand implements Command {
  private final String command;
  private OutputStream out = OutputStream.nullOutputStream();
  private OutputStream err = OutputStream.nullOutputStream();
  private ExitCallback callback = (status, message, closeImmediately) -> {};

  ShellCommand(String command) {
    this.command = command;
  }

  @Override
  public void setInputStream(InputStream in) {
    // What ferry runs reads nothing.
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback exit) {
    callback = exit;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    Process running =
        new ProcessBuilder(List.of("sh", "-c", command))
            .redirectInput(new File("/dev/null"))
            .start();
    environment.addSignalListener((where, signal) -> running.destroy(), Signal.TERM);
    Thread errors = thread(() -> copy(running.getErrorStream(), err));
    thread(
        () -> {
          copy(running.getInputStream(), out);
          try {
            errors.join();
            callback.onExit(running.waitFor());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "command of a test server");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void copy(InputStream from, OutputStream to) {
    try {
      byte[] block = new byte[1 << 12];
      for (int read = from.read(block); read >= 0; read = from.read(block)) {
        to.write(block, 0, read);
        to.flush();
      }
    } catch (IOException expected) {
      return; // the client or the process is gone; the exit status tells
    }
  }

  @Override
  public void destroy(ChannelSession channel) {
    // As with sshd, the command goes on when its channel is gone.
  }
}
