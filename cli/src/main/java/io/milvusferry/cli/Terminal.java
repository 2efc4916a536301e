package io.milvusferry.cli;

import java.util.Map;

/**
 * What standard error is connected with.
 *
 * @param present whether it is a terminal
 */
record Terminal(boolean present, Map<String, String> environment) {
  private static final int COLUMNS = 100;

  /** Whether it can move its cursor. */
  boolean understandsControls() {
    return present && !variable("TERM").equals("dumb");
  }

  /** Whether to print in colours there. */
  boolean takesColors(boolean refused) {
    if (refused || !variable("NO_COLOR").isEmpty()) {
      return false;
    }
    String forced = variable("CLICOLOR_FORCE");
    return understandsControls() || !(forced.isEmpty() || forced.equals("0"));
  }

  int columns() {
    String columns = variable("COLUMNS");
    return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : COLUMNS;
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
