// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.bbb.Params;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `getMeetings` of a large pool, asked by many at once: how often the servers are asked for that.
final class Lists {

    private static final int SERVERS = 100;
    private static final int MEETINGS = 5_000;
    private static final int CALLERS = 100;

    private Lists() {}

    static String measure(double seconds) throws Exception {
        // Polls ask the same; so they rest here.
        try (var site = new Site(Site.Engine.SQLITE, SERVERS, Map.of("PLIMSOLL_POLL_INTERVAL", "5m"))) {
            site.open(0, MEETINGS);
            var list = List.of(Site.path("getMeetings", Params.of("a", "b")));
            Wrk.run(site.ports(), list, CALLERS, 2 * seconds, site.instances());
            long before = asked(site);
            var found = Wrk.run(site.ports(), list, CALLERS, 3 * seconds, site.instances());
            double fanouts = (asked(site) - before) / (double) SERVERS;
            String answer = site.ask("getMeetings", Params.of("a", "b"));
            int listed = (int) Pattern.compile("<meeting>").matcher(answer).results().count();
            if (listed != MEETINGS) {
                throw new IllegalStateException("%d of %d meetings are listed".formatted(listed, MEETINGS));
            }
            return """

                    ## getMeetings: %d servers, %d meetings, %d callers

                    %.0f lists of %.1f MB per second, p50 %.0f ms, p99 %.0f ms; %.1f ms CPU per list. %.1f fan-outs per second:
                    each served **%.0f** callers. Resident after it: %d MB.
                    """
                    .formatted(SERVERS, MEETINGS, CALLERS, found.perSecond(), answer.length() / 1e6, found.p50Millis(), found.p99Millis(),
                            found.cpuMicros() / 1000, fanouts / (3 * seconds), found.requests() / fanouts, site.instances().getFirst().resident());
        }
    }

    /// How often servers were asked for their meetings so far.
    private static long asked(Site site) throws Exception {
        long all = 0;
        for (int i = 0; i < SERVERS; i++) {
            var calls = Pattern.compile("\"getMeetings\":(\\d+)").matcher(Site.get("http://127.0.0.1:%d/simulator/state".formatted(site.port(i))));
            if (calls.find()) {
                all += Long.parseLong(calls.group(1));
            }
        }
        return all;
    }
}
