package io.milvusferry.cli;

import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * The signals of the operating system. Java has them only in {@code sun.misc}, of the module {@code
 * jdk.unsupported}, which no compiler lets by without a warning; hence by name.
 */
final class Signals {
  private Signals() {}

  /**
   * Calls the listener with the number of the signal, on a thread of its own, each time it comes.
   */
  static void handle(String name, IntConsumer listener) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  listener.accept((Integer) signal.getMethod("getNumber").invoke(arguments[0]));
                  return null;
                }
                return method.getName().equals("equals")
                    ? (Object) (self == arguments[0])
                    : method.getName().equals("hashCode") ? (Object) name.hashCode() : name;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime cannot listen to SIG" + name, e);
    }
  }
}
