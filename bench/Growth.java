// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.bbb.Params;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;

/// What becomes of a join, a create, a poll and of memory as servers and meetings grow in number.
final class Growth {

    private record Size(int servers, int meetings) {

        static Size parse(String text) {
            String[] numbers = text.split("x");
            return new Size(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        }
    }

    /// Twice as often as usual, so that a round must be done in that time.
    private static final int POLL_SECONDS = 5;

    private Growth() {}

    /// @param sizes such as `10x100 100x10000`: servers and meetings
    static String measure(double seconds, String sizes) throws Exception {
        var text = new StringBuilder();
        text.append("\n## Growth, on SQLite\n\n");
        text.append("`poll.interval` is %d s here. A new meeting is one of the last tenth, opened by 16 callers. With 64 callers both cores are busy, so\nwhat polls and the servers' answers to them take is missing for joins; one caller shows the latency alone.\n\n".formatted(POLL_SECONDS));
        text.append("| servers | meetings | join per second | p50 ms | CPU µs | one caller, p50 ms | p99 ms | new meeting, CPU µs | polls per second | CPU of all polls, cores | per poll, ms | resident MB, after joins | after `kill -9`: first answer, s |\n");
        text.append("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (String size : sizes.split(" ")) {
            String row = measure(Size.parse(size), seconds);
            System.out.print(row);
            text.append(row);
        }
        return text.toString();
    }

    private static String measure(Size size, double seconds) throws Exception {
        try (var site = new Site(Site.Engine.SQLITE, size.servers, Map.of("PLIMSOLL_POLL_INTERVAL", POLL_SECONDS + "s"))) {
            var balancer = site.instances().getFirst();
            site.open(0, size.meetings * 9 / 10);
            double before = balancer.cpu();
            site.open(size.meetings * 9 / 10, size.meetings);
            double perCreate = (balancer.cpu() - before) * 1e6 / (size.meetings - size.meetings * 9 / 10);

            var joins = new ArrayList<String>();
            var random = new Random(7);
            for (int i = 0; i < 5_000; i++) {
                joins.add(Site.path("join", Params.of("fullName", "Ada Lovelace", "meetingID", "room-" + random.nextInt(size.meetings), "role", "VIEWER")));
            }
            Wrk.run(site.ports(), joins, 64, 4, site.instances());
            var join = Wrk.run(site.ports(), joins, 64, 2 * seconds, site.instances());

            var alone = Wrk.run(site.ports(), joins, 1, 2 * seconds, site.instances());

            double polled = site.sum("plimsoll_polls_total.*");
            double cpu = balancer.cpu();
            int pause = 4 * POLL_SECONDS;
            Thread.sleep(pause * 1000L); // what polls cost in that time is what is measured
            double perSecond = (site.sum("plimsoll_polls_total.*") - polled) / pause;
            double cores = (balancer.cpu() - cpu) / pause;
            long resident = balancer.resident();
            double restarted = site.restart();
            if (!site.isSound()) {
                throw new IllegalStateException("something died; the numbers mean nothing; see target/bench.log");
            }
            return "| %d | %d | %.0f | %.2f | %.0f | %.3f | %.2f | %.0f | %.1f | %.2f | %.1f | %d | %.2f |\n".formatted(
                    size.servers, size.meetings, join.perSecond(), join.p50Millis(), join.cpuMicros(),
                    alone.p50Millis(), alone.p99Millis(), perCreate,
                    perSecond, cores, cores * 1000 / perSecond, resident, restarted);
        }
    }
}
