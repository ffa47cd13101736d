// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// Whatever a frontend calls a meeting comes back as it went in: through checksums, two HTTP connections and XML.
@Timeout(120)
final class GatewayRoundTripTest {

    private static final int MEETINGS = 300;
    private static final String LETTERS =
            "abzAZ09 -_.~!*'()[]{}<>&\"/\\?#%+=@:;|^`$äßéñżЖ漢字ع\u200d\u0301\u00a0\ufffd🙂𝒳👩";

    private static Balancer balancer;
    private final Random random = new Random(20261120);

    @BeforeAll
    static void start() {
        balancer = Balancer.start(2);
    }

    @AfterAll
    static void stop() {
        balancer.close();
    }

    // BBB: blanks at the ends are cut off, and runs of them shrink
    private String text(int most) {
        var text = new StringBuilder();
        int count = LETTERS.codePointCount(0, LETTERS.length());
        for (int n = 2 + random.nextInt(most); n > 0; n--) {
            text.appendCodePoint(
                    LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, random.nextInt(count))));
        }
        return ("x" + text + "x").replaceAll(" +", " ");
    }

    @Test
    void namesIdsAndMetadataComeBackAsTheyWentIn() {
        for (int i = 0; i < MEETINGS; i++) {
            String id = text(30) + i;
            String name = text(40);
            Map<String, String> metadata = new LinkedHashMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                metadata.put("key-" + n, text(60));
            }
            expectThere(id, name, metadata);
        }
    }

    private static void expectThere(String id, String name, Map<String, String> metadata) {
        Params params = Params.of("meetingID", id, "name", name);
        for (var entry : metadata.entrySet()) {
            params = params.with("meta_" + entry.getKey(), entry.getValue());
        }
        var target = balancer.target();
        assertThat(ask(target, "create", params).text("meetingID")).as(id).isEqualTo(id);
        var there = ask(target, "getMeetingInfo", Params.of("meetingID", id));
        assertThat(there.text("meetingID")).isEqualTo(id);
        assertThat(there.text("meetingName")).isEqualTo(name);
        metadata.forEach((key, value) ->
                assertThat(there.xml().child("metadata").orElseThrow().textOf(key))
                        .isEqualTo(value));
        assertThat(ask(target, "end", Params.of("meetingID", id)).text("returncode"))
                .isEqualTo("SUCCESS");
    }

    /// With as much percent-encoding as some libraries use, and as little as others.
    private static Target.Answer ask(Target target, String call, Params params) {
        String query = params.query();
        boolean spare = query.hashCode() % 2 == 0;
        var answer = target.get(call, spare ? query.replace("%20", "+") : everything(params));
        assertThat(answer.text("returncode"))
                .as("%s: %s", query, answer.body())
                .isEqualTo("SUCCESS");
        return answer;
    }

    private static String everything(Params params) {
        var query = new StringBuilder();
        for (Params.Param param : params) {
            query.append(query.isEmpty() ? "" : "&").append(param.name()).append('=');
            for (byte b : param.value().getBytes(StandardCharsets.UTF_8)) {
                query.append("%%%02x".formatted(b));
            }
        }
        return query.toString();
    }
}
