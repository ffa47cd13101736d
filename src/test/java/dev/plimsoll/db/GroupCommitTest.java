// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.TestDatabase;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

@Timeout(60)
final class GroupCommitTest {

    @TempDir private Path folder;
    private Database db;

    @BeforeEach
    void open() {
        db = Database.open(TestDatabase.settings(folder));
        db.write(tx -> tx.handle().execute("CREATE TABLE t (who INTEGER, n INTEGER UNIQUE)"));
    }

    @AfterEach
    void close() {
        db.close();
    }

    private void insert(int who, int n) {
        db.write(tx -> tx.handle().execute("INSERT INTO t VALUES (?, ?)", who, n));
    }

    private int rows() {
        return db.read(session ->
                session.handle().createQuery("SELECT COUNT(*) FROM t").mapTo(Integer.class).one());
    }

    @Test
    void whatManyWriteIsThereWhenTheyReturn() {
        Set<Tx> transactions = ConcurrentHashMap.newKeySet();
        Together.all(
                32,
                i -> {
                    for (int n = 0; n < 20; n++) {
                        int number = i * 100 + n;
                        db.write(tx -> {
                            transactions.add(tx);
                            return tx.handle().execute("INSERT INTO t VALUES (?, ?)", i, number);
                        });
                        int mine =
                                db.read(session ->
                                        session.handle()
                                                .createQuery(
                                                        "SELECT MAX(n) FROM t WHERE who = :who")
                                                .bind("who", i)
                                                .mapTo(Integer.class)
                                                .one());
                        assertThat(mine).isEqualTo(number);
                    }
                    return i;
                });
        assertThat(rows()).isEqualTo(640);
        assertThat(transactions.size()).isLessThan(640);
    }

    @Test
    void aFailureIsItsOwnersAlone() {
        insert(0, -1);
        Together.all(
                16,
                i -> {
                    if (i % 4 == 0) {
                        assertThatThrownBy(() -> insert(i, -1))
                                .isInstanceOf(DatabaseException.class);
                    } else {
                        insert(i, i);
                    }
                    return i;
                });
        assertThat(rows()).isEqualTo(13);
    }

    @Test
    void anErrorIsItsOwnersAlone() {
        Together.all(
                16,
                i -> {
                    if (i % 4 == 0) {
                        assertThatThrownBy(() ->
                                        db.write(_ -> {
                                            throw new StackOverflowError("deep");
                                        }))
                                .isInstanceOf(StackOverflowError.class);
                    } else {
                        insert(i, i);
                    }
                    return i;
                });
        assertThat(rows()).isEqualTo(12);
    }
}
