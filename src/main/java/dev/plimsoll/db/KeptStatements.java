// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps a connection's prepared statements to be used again, for a driver that does not: preparing was a fifth of what a
/// create cost with SQLite (decision 0017). One statement for each text, and these are as many as the stores have. Not
/// thread-safe, as its connection.
final class KeptStatements extends DefaultStatementBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(KeptStatements.class);

    private final Map<String, PreparedStatement> idle = new HashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context)
            throws SQLException {
        var kept = context.isReturningGeneratedKeys() ? null : idle.remove(sql);
        return kept == null ? super.create(connection, sql, context) : kept;
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
