// SPDX-License-Identifier: Apache-2.0
import java.util.ArrayList;
import java.util.Map;

/// From the launcher's exec to the first answer, after an end like a power cut's.
final class Starts {

    private static final int TIMES = 5;

    private record Size(Site.Engine engine, int servers, int meetings, String aim) {}

    private Starts() {}

    static String measure() throws Exception {
        var text = new StringBuilder("\n## Start: from exec to the first answer\n\n");
        text.append("| database | servers | meetings | seconds, median of %d (spread) | aim |\n|---|--:|--:|---|--:|\n".formatted(TIMES));
        measure(new Size(Site.Engine.SQLITE, 3, 0, "1"), text);
        measure(new Size(Site.Engine.SQLITE, 100, 10_000, ""), text);
        measure(new Size(Site.Engine.POSTGRES, 3, 0, ""), text);
        measure(new Size(Site.Engine.POSTGRES, 100, 10_000, "2"), text);
        return text.toString();
    }

    private static void measure(Size size, StringBuilder text) throws Exception {
        try (var site = new Site(size.engine, size.servers, Map.of())) {
            site.open(0, size.meetings);
            var times = new ArrayList<Double>();
            for (int i = 0; i < TIMES; i++) {
                times.add(site.restart());
                Thread.sleep(2000); // the compilers are at work for a moment
            }
            times.sort(null);
            String row = "| %s | %d | %d | **%.2f** (%.2f–%.2f) | %s |\n".formatted(
                    size.engine.title, size.servers, size.meetings, times.get(TIMES / 2), times.getFirst(), times.getLast(), size.aim);
            System.out.print(row);
            text.append(row);
        }
    }
}
