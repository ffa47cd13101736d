// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// A transaction of PostgreSQL. Each question is a way there and back, so it asks as few as it can: two tables are changed
/// by one statement, alike statements are sent together, the notice goes with the commit, and what is one statement goes
/// with the lock, the notice and the commit.
final class PostgresTx extends Tx {

    /// Takes the lock of who writes: any number that nobody else takes.
    static final String LOCK = "SELECT pg_advisory_xact_lock(%d)".formatted(0x706c696d736f6cL);

    private static final String NOTIFY =
            "SELECT COUNT(pg_notify('%s', text)) FROM unnest(:texts) AS text"
                    .formatted(Feed.CHANNEL);

    private final String instance;
    private boolean locked;
    private boolean committed;

    /// @param instance by which its own notifications are told from those of others
    PostgresTx(Handle handle, String instance) {
        super(handle);
        this.instance = instance;
    }

    /// The lock comes before all that is asked, and in a statement of its own: each statement sees what was committed
    /// before it began, so one that had to wait would not see what it waited for.
    @Override
    void excludeOthers() {
        if (!locked) {
            super.handle().execute(LOCK);
            locked = true;
        }
    }

    @Override
    public Handle handle() {
        excludeOthers();
        return super.handle();
    }

    @Override
    public boolean does(Write write) {
        return super.does(write.joined());
    }

    @Override
    List<Boolean> does(List<Write> writes) {
        if (writes.size() == 1) {
            return super.does(writes);
        }
        var asked = writes.stream().map(Write::joined).toList();
        var done = new IdentityHashMap<Write, Boolean>();
        asked.stream()
                .collect(groupingBy(Write::sql, LinkedHashMap::new, toList()))
                .forEach((sql, alike) -> {
                    try (var batch = handle().prepareBatch(sql)) {
                        alike.forEach(write -> batch.bindMap(write.values()).add());
                        int[] counts = batch.execute();
                        for (int i = 0; i < counts.length; i++) {
                            done.put(alike.get(i), counts[i] > 0);
                        }
                    }
                });
        asked.stream().filter(done::get).forEach(write -> write.news().accept(this));
        return asked.stream().map(done::get).toList();
    }

    @Override
    boolean doesAlone(Write write) {
        if (locked) {
            return does(write);
        }
        var asked = write.joined();
        supposing(() -> committed = commits(asked));
        if (committed) {
            asked.news().accept(this);
        }
        return committed;
    }

    private boolean commits(Write write) {
        write.news().accept(this);
        var question = "%s; %s RETURNING (%s); COMMIT".formatted(LOCK, write.sql(), NOTIFY);
        return bindTexts(super.handle().createUpdate(question), changes().keySet())
                .bindMap(write.values())
                .execute((answers, _) -> secondHasRow(answers.get()));
    }

    private static boolean secondHasRow(PreparedStatement answers) throws SQLException {
        answers.getMoreResults();
        try (var rows = answers.getResultSet()) {
            return rows.next();
        }
    }

    /// The commit that Jdbi asks for afterwards finds nothing left to do. Without changes there is nothing to tell, and that
    /// commit is the one.
    void commitWithNotice() {
        if (!committed && !changes().isEmpty()) {
            bindTexts(handle().createQuery(NOTIFY + "; COMMIT"), changes().keySet())
                    .mapTo(Long.class)
                    .one();
        }
    }

    private <S extends SqlStatement<S>> S bindTexts(S statement, Set<Change> changes) {
        var texts =
                changes.stream().map(change -> Feed.text(instance, change)).toArray(String[]::new);
        return statement.bindArray("texts", String.class, (Object[]) texts);
    }
}
