// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/// Hears what other instances change: PostgreSQL's LISTEN on a connection of its own.
///
/// PostgreSQL sends what was committed before a question ahead of the answer to it. So one question a second proves
/// that nothing is missing; when it is not answered in time, or the connection breaks, what is remembered is no longer
/// as good as the database. A connection made anew begins with a gap: all memory is rebuilt before it is trusted again.
/// While the database does not answer at all, memory is what there is, for a stated time. Thread-safe.
final class Feed implements AutoCloseable {

    static final String CHANNEL = "plimsoll";

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration QUESTION_EVERY = Duration.ofSeconds(1);

    /// Longer than it takes to notice that a question is not answered: else those who ask would be sent to a database
    /// of which nobody knows yet that it does not answer.
    private static final Duration TRUSTED = Duration.ofMillis(3_500);

    /// Rows are read within milliseconds by those who hear of them; who takes so long asks a database that is silent.
    private static final Duration HELD_UP = Duration.ofSeconds(1);

    private static final int SILENCE_MILLIS = 1_500;
    private static final int NAP_MILLIS = 200;

    /// Most often the next connection works, and memory must not be doubtful for long.
    private static final int MOMENT_MILLIS = 20;

    private final PGSimpleDataSource source;
    private final String instance;
    private final BiConsumer<String, Set<String>> heard;
    private final List<Runnable> rebuilds = new CopyOnWriteArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile long provenAt;
    private volatile Reach reach = Reach.BEHIND;
    private volatile boolean missed;
    private volatile boolean passesOn;
    private volatile long passesOnSince;
    private boolean toldStale; // of the feed's thread alone
    private final BooleanSupplier answers;
    private final Runnable renew;
    private final Duration staleFor;
    private volatile @Nullable Connection current;

    /// @param heard takes a topic, and the keys that changed
    /// @param answers whether the database answers on the other connections
    /// @param renew gets rid of other connections that may be dead, and makes sure that they answer
    /// @param staleFor how long memory is good enough while the database does not answer
    Feed(
            PGSimpleDataSource source,
            String instance,
            BiConsumer<String, Set<String>> heard,
            BooleanSupplier answers,
            Runnable renew,
            Duration staleFor) {
        this.renew = renew;
        this.staleFor = staleFor;
        this.answers = answers;
        this.source = source;
        this.instance = instance;
        this.heard = heard;
    }

    /// As it is notified: who changed it, topic, key.
    static String text(String instance, Change change) {
        return instance + " " + change.topic() + " " + change.key();
    }

    /// Listens from now on; what is read after this misses nothing.
    void start() throws SQLException {
        var connection = connect();
        proven();
        Thread.ofPlatform().name("db-feed").daemon().start(() -> run(connection));
    }

    void onGap(Runnable rebuild) {
        rebuilds.add(rebuild);
    }

    Reach reach() {
        var silence = Duration.ofNanos(System.nanoTime() - provenAt);
        return switch (reach) {
            case FOLLOWING -> {
                if (silence.compareTo(TRUSTED) < 0) {
                    yield Reach.FOLLOWING;
                }
                // Who asked such a database instead would wait for as long.
                yield isHeldUp() ? Reach.DOUBTED : Reach.BEHIND;
            }
            case AWAY, STALE -> silence.compareTo(staleFor) < 0 ? Reach.AWAY : Reach.STALE;
            case BEHIND, DOUBTED -> reach;
        };
    }

    private boolean isHeldUp() {
        return passesOn && System.nanoTime() - passesOnSince > HELD_UP.toNanos();
    }

    private void proven() {
        provenAt = System.nanoTime();
        reach = Reach.FOLLOWING;
    }

    private Connection connect() throws SQLException {
        var connection = source.getConnection();
        try {
            // A connection that is open at one end only must be noticed.
            connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
            try (var statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
            current = connection;
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /// What is remembered may lack something: builds it up anew. Until then the database may be away.
    void restart() {
        missed = true;
        if (reach == Reach.FOLLOWING) {
            reach = Reach.DOUBTED;
        }
    }

    private void run(Connection first) {
        try (first) {
            follow(first);
        } catch (SQLException | RuntimeException e) {
            doubt(e);
        }
        while (!isStopping(reach == Reach.DOUBTED ? MOMENT_MILLIS : NAP_MILLIS)) {
            try (var connection = connect()) {
                catchUp(connection);
            } catch (SQLException e) {
                judge(e);
            }
        }
    }

    private void catchUp(Connection connection) {
        try {
            missed = false;
            renew.run(); // while memory still speaks, since this may take seconds
            reach = Reach.BEHIND;
            rebuilds.forEach(Runnable::run);
            proven();
            toldStale = false;
            LOG.atInfo().log(
                    "the database answers, and memory is rebuilt; everything works as usual");
            follow(connection);
        } catch (SQLException | RuntimeException e) {
            doubt(e);
        }
    }

    private void follow(Connection connection) throws SQLException {
        var listening = connection.unwrap(PGConnection.class);
        long asked = System.nanoTime();
        while (!isStopping(0)) {
            throwIfMissed();
            tell(listening.getNotifications(NAP_MILLIS));
            if (System.nanoTime() - asked >= QUESTION_EVERY.toNanos()) {
                long begun = System.nanoTime();
                try (var question = connection.createStatement()) {
                    question.execute("SELECT 1");
                }
                // What came ahead of the answer is told before it counts as heard.
                tell(listening.getNotifications());
                provenAt = begun;
                asked = begun;
            }
        }
    }

    /// Ends with the first change that could not be passed on: all memory is rebuilt anyway, and where the database is
    /// away, each further one would wait for it, while nobody is told that it is.
    private void tell(org.postgresql.PGNotification @Nullable [] notifications)
            throws SQLException {
        if (notifications == null) {
            return;
        }
        // What has changed by now is read together, and once, however often it changed.
        Map<String, Set<String>> changes = new LinkedHashMap<>();
        for (var notification : notifications) {
            var parts = notification.getParameter().split(" ", 3);
            if (parts.length == 3 && !parts[0].equals(instance)) {
                changes.computeIfAbsent(parts[1], _ -> new LinkedHashSet<>()).add(parts[2]);
            }
        }
        for (var topic : changes.entrySet()) {
            throwIfMissed();
            passOn(topic.getKey(), topic.getValue());
        }
    }

    private void passOn(String topic, Set<String> keys) {
        passesOnSince = System.nanoTime();
        passesOn = true;
        try {
            heard.accept(topic, keys);
        } finally {
            passesOn = false;
        }
    }

    private void throwIfMissed() throws SQLException {
        if (missed) {
            throw new SQLException("something was missed");
        }
    }

    /// Until it is known better, nobody is made to wait for a database that may be gone.
    private void doubt(Exception e) {
        if (reach != Reach.AWAY) {
            reach = Reach.DOUBTED;
        }
        LOG.atDebug().setCause(e).log("changes of other instances are not heard of");
    }

    /// A connection could not be made anew: finds out whether the others are better off.
    private void judge(SQLException e) {
        boolean away = isOutage(e) || !answers.getAsBoolean();
        var before = reach;
        reach = away ? Reach.AWAY : Reach.BEHIND;
        if (before != reach && !isStopping(0)) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log(
                            away
                                    ? "the database does not answer; joins and calls for known meetings go on from memory,"
                                            + " nothing can be opened or changed"
                                    : "changes of other instances are not heard of; the database is asked instead");
        }
        if (reach() == Reach.STALE && !toldStale) {
            toldStale = true;
            LOG.atError()
                    .log("the database has not answered for too long; calls fail until it does");
        }
    }

    /// Whether the failure says that nobody is there, not that somebody refuses: connection lost, shut down, starting.
    static boolean isOutage(SQLException e) {
        return state(e).startsWith("08") || state(e).startsWith("57P");
    }

    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private boolean isStopping(int waitMillis) {
        try {
            return stop.await(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    @Override
    public void close() {
        stop.countDown();
        var connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.atDebug().setCause(e).log("the feed's connection did not close");
            }
        }
    }
}
