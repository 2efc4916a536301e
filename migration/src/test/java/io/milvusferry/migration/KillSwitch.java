package io.milvusferry.migration;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Stands before both servers and ends the process, as far as that can be played, at the n-th call
 * of any thread: the call and all later ones throw {@link Killed}.
 */
final class KillSwitch {
  private static final Set<String> NO_CALLS =
      Set.of("schema", "capabilities", "info", "throttled", "seeing", "close", "toString");

  /** The process is gone. */
  static final class Killed extends Error {
    Killed(String call) {
      super(call);
    }
  }

  private final int killAt;
  private final boolean serverActs;
  private int calls;
  private boolean dead;

  /**
   * @param serverActs whether the server does the work of the call that is interrupted
   */
  KillSwitch(int killAt, boolean serverActs) {
    this.killAt = killAt;
    this.serverActs = serverActs;
  }

  synchronized int calls() {
    return calls;
  }

  synchronized boolean acted() {
    return dead;
  }

  MilvusServer guard(MilvusServer server) {
    return wrap(MilvusServer.class, server);
  }

  private <T> T wrap(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> call(real, method, arguments)));
  }

  private Object call(Object real, Method method, Object[] arguments) throws Throwable {
    Object answer =
        NO_CALLS.contains(method.getName())
            ? invoke(real, method, arguments)
            : counted(real, method, arguments);
    if (answer instanceof CollectionSource source) {
      return wrap(CollectionSource.class, source);
    }
    return answer instanceof CollectionTarget target
        ? wrap(CollectionTarget.class, target)
        : answer;
  }

  private Object counted(Object real, Method method, Object[] arguments) throws Throwable {
    boolean now;
    synchronized (this) {
      if (dead) {
        throw new Killed(method.getName());
      }
      calls++;
      now = calls == killAt;
      dead = now;
    }
    if (now && !serverActs) {
      throw new Killed(method.getName());
    }
    Object answer = invoke(real, method, arguments);
    if (now) {
      throw new Killed(method.getName());
    }
    return answer;
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
