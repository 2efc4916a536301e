package io.milvusferry.importer;

import io.milvusferry.connector.CollectionSource;
import io.milvusferry.connector.CollectionTarget;
import io.milvusferry.connector.MilvusServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands before a server and ends the process, as far as that can be played, at its n-th call: the
 * call and all later ones throw {@link Killed}, which nobody catches.
 */
final class KillSwitch {
  /** The process is gone. */
  static final class Killed extends Error {
    Killed(String call) {
      super(call);
    }
  }

  /** Whether the server did the work of the call that is interrupted. */
  enum Moment {
    BEFORE_THE_SERVER_ACTS,
    AFTER_THE_SERVER_ACTED
  }

  private final int killAt;
  private final Moment moment;
  private final List<String> calls = new ArrayList<>();
  private boolean dead;

  KillSwitch(int killAt, Moment moment) {
    this.killAt = killAt;
    this.moment = moment;
  }

  /** A switch that never acts, but counts. */
  static KillSwitch none() {
    return new KillSwitch(Integer.MAX_VALUE, Moment.BEFORE_THE_SERVER_ACTS);
  }

  /** Names of the calls so far. */
  List<String> calls() {
    return calls;
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
    if (method.getName().equals("source")) {
      return wrap(CollectionSource.class, (CollectionSource) invoke(real, method, arguments));
    }
    if (method.getName().equals("target")) {
      return wrap(CollectionTarget.class, (CollectionTarget) invoke(real, method, arguments));
    }
    if (dead) {
      throw new Killed(method.getName());
    }
    calls.add(method.getName());
    boolean now = calls.size() == killAt;
    if (now && moment == Moment.BEFORE_THE_SERVER_ACTS) {
      kill(method);
    }
    try {
      return invoke(real, method, arguments);
    } finally {
      if (now) {
        kill(method);
      }
    }
  }

  private void kill(Method method) {
    dead = true;
    throw new Killed(method.getName());
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
