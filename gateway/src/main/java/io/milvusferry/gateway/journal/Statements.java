package io.milvusferry.gateway.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The prepared statements of one connection, each prepared once. For one thread at a time. */
final class Statements implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** The statement of that text; whatever its last use bound must be bound anew. */
  PreparedStatement of(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  /** Runs a statement whose parameters are numbers. */
  int update(String sql, long... parameters) throws SQLException {
    PreparedStatement statement = of(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setLong(i + 1, parameters[i]);
    }
    return statement.executeUpdate();
  }

  /** Runs a statement to its end, whatever rows it answers with. */
  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Begins a transaction that may write; without one, every statement is its own. */
  void begin() throws SQLException {
    of("BEGIN IMMEDIATE").execute();
  }

  void commit() throws SQLException {
    of("COMMIT").execute();
  }

  void rollback() throws SQLException {
    of("ROLLBACK").execute();
  }

  /** After a failure: the driver has closed the statement that failed, so all are made anew. */
  void renew() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    prepared.clear();
  }

  /** Closes the connection with them. */
  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
