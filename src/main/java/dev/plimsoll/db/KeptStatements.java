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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a connection's prepared statements to be used again, for a driver that does not: preparing is a fifth of what a
/// create costs with SQLite (decision 0017). One statement for each text, and these are as many as the stores have. Not
/// thread-safe, as its connection.
final class KeptStatements extends DefaultStatementBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(KeptStatements.class);

    private final Map<String, PreparedStatement> idle = new HashMap<>();

    /// What each was prepared from. Jdbi gives a statement back with the text that still has names in it.
    private final IdentityHashMap<Statement, String> texts = new IdentityHashMap<>();

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
        var kept = idle.remove(sql);
        if (kept == null) {
            kept = super.create(physical(connection), sql, context);
            texts.put(kept, sql);
        }
        return kept;
    }

    @Override
    public void close(Connection connection, String unparsed, Statement statement)
            throws SQLException {
        if (statement instanceof PreparedStatement prepared && keeps(prepared)) {
            prepared.clearParameters(); // a create's slides, say
        } else {
            texts.remove(statement);
            statement.close();
        }
    }

    private boolean keeps(PreparedStatement used) throws SQLException {
        String sql = texts.get(used);
        return sql != null && !used.isClosed() && idle.putIfAbsent(sql, used) == null;
    }

    /// Forgets them all: the driver may have ended one that failed.
    void clear() {
        var all = List.copyOf(idle.values());
        idle.clear();
        texts.clear();
        for (var statement : all) {
            try {
                statement.close();
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("a statement did not close");
            }
        }
    }
}
