// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Locale;
import java.util.Random;

/// The calls of bbb-webhooks.
@Timeout(20)
class SimulatorHooksTest {

    private static final String ONE =
            "callbackURL=https%3A%2F%2Flms.example.org%2Fhook%3Fx%3D1%26y%3D2";
    private static final String TWO =
            "callbackURL=https%3A%2F%2Fstats.example.org%2Fin&meetingID=maths-101&eventID=Meeting-Ended,user-joined";

    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s3cret")),
                    TestClock.standing(),
                    new Random(1));
    private final Target target = new Target(server.api(), server.secret());

    @AfterEach
    void close() {
        server.close();
    }

    private String create(String query) {
        String id = target.get("hooks/create", query).text("hookID");
        assertThat(id)
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        return id;
    }

    private String key(String call, String query) {
        var answer = target.get(call, query);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("returncode")).isEqualTo("FAILED");
        assertThat(answer.body()).doesNotContain("\n");
        return answer.text("messageKey");
    }

    private static String sample(String name, String one, String two) {
        return Samples.text(name)
                .strip()
                .replace("2f6f1a52-7c1b-4d0e-9a55-0d1c0b7a4e11", one)
                .replace("90c1d7f3-2f0e-4f6a-8a3a-6be2f6f0b1c4", two);
    }

    @Test
    void the_documents_are_those_of_bbb_webhooks() {
        var created = target.get("hooks/create", ONE);
        String one = created.text("hookID");
        assertThat(created.body()).isEqualTo(sample("37-hooks-create.xml", one, ""));
        assertThat(created.header("Content-Type")).isEqualTo("text/xml");
        assertThat(target.get("hooks/create", ONE).body())
                .isEqualTo(sample("37b-hooks-create-duplicate.xml", one, ""));
        String two = create(TWO);
        assertThat(target.get("hooks/list", "").body())
                .isEqualTo(sample("37c-hooks-list.xml", one, two));
        assertThat(target.get("hooks/destroy", "hookID=" + two).body())
                .isEqualTo(sample("37d-hooks-destroy.xml", "", ""));
        assertThat(server.control().hooks()).extracting(HookSnapshot::hookId).containsExactly(one);
    }

    @Test
    void one_address_may_have_a_hook_for_each_meeting() {
        String all = create(ONE);
        assertThat(create(ONE + "&meetingID=a")).isNotEqualTo(all);
        assertThat(create(ONE + "&meetingID=b&getRaw=true")).isNotEqualTo(all);
        assertThat(server.control().hooks()).hasSize(3);
        assertThat(target.get("hooks/list", "meetingID=b").body())
                .contains("<rawData>true</rawData>", all)
                .doesNotContain("CDATA[a]");
    }

    @Test
    void mistakes_are_told() {
        assertThat(key("hooks/create", "")).isEqualTo("missingParamCallbackURL");
        assertThat(key("hooks/destroy", "")).isEqualTo("missingParamHookID");
        assertThat(key("hooks/destroy", "hookID=1")).isEqualTo("destroyMissingHook");
        create(ONE);
        assertThat(key("hooks/list", "meetingID=none-of-its-own")).isEqualTo("listHookError");
        assertThat(target.get("hooks/create", ONE + "&getRaw=maybe").status()).isEqualTo(500);
    }

    @Test
    void checksums_are_of_the_longer_name_and_in_lower_case() {
        var wrong = target.raw("hooks/list", target.sign("list", ""));
        assertThat(wrong.body())
                .isEqualTo(
                        "<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey><message>You did not pass the checksum security check.</message></response>");
        String good = target.sign("hooks/list", "").substring("checksum=".length());
        assertThat(
                        target.raw("hooks/list", "checksum=" + good.toUpperCase(Locale.ROOT))
                                .text("messageKey"))
                .isEqualTo("checksumError");
        assertThat(target.raw("hooks/list", "checksum=123").status()).isEqualTo(500);
        assertThat(target.raw("hooks/list", "").text("messageKey")).isEqualTo("checksumError");
    }

    @Test
    void ping_needs_no_checksum_and_other_calls_are_unknown() {
        assertThat(target.raw("hooks/ping", "").body()).isEqualTo("bbb-webhooks API up!");
        assertThat(target.get("hooks/nonsense", "").status()).isEqualTo(404);
        assertThat(target.post("hooks/list", "", "", "").status()).isEqualTo(404);
        assertThat(server.control().calls("hooks/ping")).isEqualTo(1);
    }

    @Test
    void a_server_may_lose_its_hooks_or_the_whole_package() {
        create(ONE);
        server.control().loseHooks();
        assertThat(target.get("hooks/list", "").body())
                .isEqualTo("<response><returncode>SUCCESS</returncode><hooks></hooks></response>");
        create(ONE);
        server.control().setWebhooks(WebhookSettings.Presence.ABSENT);
        assertThat(target.get("hooks/list", "").status()).isEqualTo(404);
        assertThat(target.raw("hooks/ping", "").body()).contains("404 Not Found");
        server.control().setWebhooks(WebhookSettings.Presence.INSTALLED);
        assertThat(target.get("hooks/list", "").body()).contains("<hooks></hooks>");
    }

    @Test
    void faults_hit_hooks_too() {
        server.faults().add(FaultRule.parse("hooks/create=status:503*1"));
        assertThat(target.get("hooks/list", "").status()).isEqualTo(200);
        assertThat(target.get("hooks/create", ONE).status()).isEqualTo(503);
        create(ONE);
    }
}
