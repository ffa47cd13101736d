// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a connection's prepared statements to be used again, for a driver that does not: preparing was a fifth of what a
/// create cost with SQLite (decision 0017). One statement for each text, and these are as many as the stores have. Not
/// thread-safe, as its connection.
final class KeptStatements extends DefaultStatementBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(KeptStatements.class);

    private final Map<String, PreparedStatement> idle = new HashMap<>();

    /// For connections that a pool lends.
    static StatementBuilderFactory ofPooled() {
        Map<Connection, KeptStatements> all = new ConcurrentHashMap<>();
        return lent -> {
            try {
                var connection = physical(lent);
                if (!all.containsKey(connection)) {
                    all.keySet().removeIf(KeptStatements::isClosed);
                }
                return all.computeIfAbsent(connection, _ -> new KeptStatements());
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        };
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /// What is prepared on a connection that a pool has lent ends when it is given back.
    private static Connection physical(Connection connection) throws SQLException {
        return connection.unwrap(SQLiteConnection.class);
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
        var kept = context.isReturningGeneratedKeys() ? null : idle.remove(sql);
        return kept == null || kept.isClosed()
                ? super.create(physical(connection), sql, context)
                : kept;
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        boolean spare =
                !(statement instanceof PreparedStatement prepared)
                        || statement.isClosed()
                        || idle.putIfAbsent(sql, prepared) != null;
        if (spare) {
            statement.close();
        }
    }

    /// Forgets them all: the driver may have ended one that failed.
    void clear() {
        var all = List.copyOf(idle.values());
        idle.clear();
        for (var statement : all) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("a statement did not close");
            }
        }
    }
}
