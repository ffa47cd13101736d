// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Frontend;
import dev.plimsoll.testing.Together;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Frontends that create, join, ask and list all the time, so that one can see what becomes of them while a server is
/// ill: how long each call takes, and what goes wrong. They leave the meetings of that server alone.
final class Traffic implements AutoCloseable {

    enum Kind {
        JOIN,
        INFO,
        RUNNING,
        /// A create of a meeting that runs.
        AGAIN,
        /// A create of a new one.
        NEW,
        LIST
    }

    /// How long calls took, in nanoseconds.
    static final class Times {

        private final Map<Kind, Queue<Long>> took = new EnumMap<>(Kind.class);

        Times() {
            for (Kind kind : Kind.values()) {
                took.put(kind, new ConcurrentLinkedQueue<>());
            }
        }

        private Queue<Long> of(Kind kind) {
            return took.getOrDefault(kind, new ConcurrentLinkedQueue<>());
        }

        private void add(Kind kind, long nanos) {
            of(kind).add(nanos);
        }

        /// The time, in milliseconds, within which that part of the calls was answered.
        double millis(Kind kind, double part) {
            var sorted = of(kind).stream().sorted().toList();
            return sorted.isEmpty()
                    ? 0
                    : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part)) / 1e6;
        }

        /// How many calls took longer.
        long slowerThan(Kind kind, double millis) {
            return of(kind).stream().filter(nanos -> nanos > millis * 1e6).count();
        }

        /// All of them together.
        static Times of(Iterable<Times> some) {
            var all = new Times();
            some.forEach(times -> times.took.forEach((kind, took) -> all.of(kind).addAll(took)));
            return all;
        }

        @Override
        public String toString() {
            var text = new StringBuilder();
            took.forEach((kind, all) ->
                    text.append(
                            "%s %d: %.0f/%.0f/%.0f ms; "
                                    .formatted(
                                            kind,
                                            all.size(),
                                            millis(kind, 0.5),
                                            millis(kind, 0.99),
                                            millis(kind, 1))));
            return text.toString();
        }
    }

    private final Cluster cluster;
    private final int ill;
    private final List<String> others;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final Queue<String> onTheIll = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final List<Future<Boolean>> workers = new ArrayList<>();
    private volatile Times times = new Times();
    private volatile String during = "";
    private volatile boolean over;

    private interface Worker {
        void step(int number) throws InterruptedException;
    }

    private Traffic(Cluster cluster, int ill, List<String> meetings) {
        this.cluster = cluster;
        this.ill = ill;
        this.others = meetings.stream().filter(id -> !cluster.running(id).contains(ill)).toList();
        known.addAll(meetings);
    }

    /// Begins.
    ///
    /// @param ill the server whose meetings are only listed
    static Traffic start(Cluster cluster, int ill, List<String> meetings) {
        var traffic = new Traffic(cluster, ill, meetings);
        traffic.keep(traffic::use);
        traffic.keep(traffic::use);
        traffic.keep(traffic::list);
        traffic.keep(traffic::list);
        traffic.keep(traffic::open);
        return traffic;
    }

    private void keep(Worker worker) {
        workers.add(
                Together.begin(() -> {
                    for (int i = 0; !over; i++) {
                        worker.step(i);
                    }
                    return true;
                }));
    }

    /// Measures anew for so long; calls that begin in this time count, whenever they end.
    Times during(String what, long millis) throws InterruptedException {
        var mine = new Times();
        during = what;
        times = mine;
        TimeUnit.MILLISECONDS.sleep(millis);
        return mine;
    }

    /// What went wrong so far.
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /// New meetings that were opened on the ill server, when it was well.
    int onTheIll() {
        return onTheIll.size();
    }

    /// Ends them; to be called when it is well.
    void endThoseOnTheIll() {
        for (String id = onTheIll.poll(); id != null; id = onTheIll.poll()) {
            known.remove(id);
            cluster.api().end(id);
        }
    }

    private void use(int number) throws InterruptedException {
        var api = cluster.api();
        String id = others.get(number % others.size());
        var join = timed(Kind.JOIN, id, () -> api.join(id));
        expect(join.status() == 302 && !join.location().contains("errors="), Kind.JOIN, id, join);
        var info = timed(Kind.INFO, id, () -> api.info(id));
        expect(info.succeeded(), Kind.INFO, id, info);
        var running = timed(Kind.RUNNING, id, () -> api.call("isMeetingRunning", "meetingID", id));
        expect(running.succeeded(), Kind.RUNNING, id, running);
        var again = timed(Kind.AGAIN, id, () -> api.create(id));
        expect(again.succeeded(), Kind.AGAIN, id, again);
        TimeUnit.MILLISECONDS.sleep(10);
    }

    private void list(int number) throws InterruptedException {
        var before = List.copyOf(known);
        var list = timed(Kind.LIST, "all", () -> cluster.api().list());
        var listed = list.meetingIds();
        for (String id : before) {
            expect(
                    listed.contains(id) || !known.contains(id),
                    Kind.LIST,
                    id + " of " + listed,
                    list);
        }
        expect(listed.stream().distinct().count() == listed.size(), Kind.LIST, "doubles", list);
        TimeUnit.MILLISECONDS.sleep(20);
    }

    private void open(int number) throws InterruptedException {
        String id = "new-" + number;
        var created = timed(Kind.NEW, id, () -> cluster.api().create(id));
        expect(created.succeeded(), Kind.NEW, id, created);
        known.add(id);
        TimeUnit.MILLISECONDS.sleep(30);
        if (cluster.running(id).contains(ill)) {
            onTheIll.add(id);
            return;
        }
        known.remove(id);
        var ended = cluster.api().end(id);
        expect(ended.succeeded(), Kind.NEW, "end of " + id, ended);
    }

    private Frontend.Reply timed(Kind kind, String what, Supplier<Frontend.Reply> call) {
        var mine = times;
        long start = System.nanoTime();
        try {
            return call.get();
        } catch (RuntimeException e) {
            complaints.add("%s: %s %s: %s".formatted(during, kind, what, e));
            throw e;
        } finally {
            mine.add(kind, System.nanoTime() - start);
        }
    }

    private void expect(boolean so, Kind kind, String what, Frontend.Reply reply) {
        if (!so) {
            complaints.add("%s: %s %s: %s".formatted(during, kind, what, reply));
        }
    }

    /// Lets all calls end.
    @Override
    public void close() {
        over = true;
        workers.forEach(Together::result);
    }
}
