// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import dev.plimsoll.testing.Balancer;
import dev.plimsoll.testing.BbbConformance;
import dev.plimsoll.testing.Target;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/// Who signs how: callers with what we allow, we towards each server with what it allows.
@Timeout(30)
final class GatewayChecksumTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";
    private static final Secret OLD = new Secret("old-secret");
    private static final Secret NEW = new Secret("new-secret");

    @Test
    void aCallerMayNameItsDigestIfItIsTheOneItUsed() {
        try (var balancer =
                Balancer.start(1, "PLIMSOLL_CHECKSUM_ALGORITHMS", "sha1:sha256:sha512")) {
            var target = balancer.target();
            for (Algorithm used : Algorithm.values()) {
                for (Algorithm named : Algorithm.values()) {
                    String query = "checksumHash=" + named.settingName();
                    var answer = target.raw("getMeetings", signed(used, "getMeetings", query));
                    boolean good = used == named && used != Algorithm.SHA384;
                    expect(answer, good);
                }
            }
            for (String wrong : List.of("md5", "sha-1", "x", "sha1%00")) {
                expect(target.get("getMeetings", "checksumHash=" + wrong), false);
            }
            expect(target.get("getMeetings", "checksumHash="), true);
            expect(target.get("getMeetings", "checksumHash=SHA1"), true);
        }
    }

    @Test
    void theNameOfTheDigestStaysHere() {
        try (var balancer = Balancer.start(1)) {
            var target = balancer.target();
            String hash = "&checksumHash=sha1";
            expect(target.get("create", ALGEBRA + hash), true);
            String join = "meetingID=alg-1&fullName=Ada&role=VIEWER" + hash;
            assertThat(target.get("join", join).header("Location"))
                    .contains("fullName=Ada")
                    .doesNotContain("checksumHash");
            String form = "meetingID=alg-1" + hash + "&checksum=";
            String sha1 = target.sign("getMeetingInfo", "").split("=", 2)[1];
            expect(target.post("getMeetingInfo", "", FORM, form + sha1), true);
            expect(
                    target.post("getMeetingInfo", "", FORM, form.replace("sha1", "sha256") + sha1),
                    false);
        }
    }

    @Test
    void eachServerIsSpokenToInItsDigest() {
        for (Algorithm algorithm : Algorithm.values()) {
            var settings = SimulatorSettings.standard(OLD).withAlgorithms(Set.of(algorithm));
            try (var balancer = Balancer.start(0);
                    var server =
                            SimulatedServer.start(
                                    settings, InstantSource.system(), new Random(1))) {
                String digest = algorithm.settingName();
                var added =
                        balancer.admin(
                                "POST",
                                "/servers",
                                """
                                {"id": "a", "url": "%s", "secret": "%s", "enable": true, "checksum": "%s"}
                                """
                                        .formatted(server.api(), OLD.reveal(), digest));
                assertThat(added.status()).as(added.body()).isLessThan(300);
                assertThat(balancer.admin("POST", "/servers/a/poll", "").body())
                        .contains("\"online\"")
                        .contains("\"checksum\":\"" + digest + "\"");
                expect(balancer.target().get("create", ALGEBRA), true);
                var set =
                        balancer.admin(
                                "PATCH", "/servers/a", "{\"checksum\": \"%s\"}".formatted("md5"));
                assertThat(set.status()).isEqualTo(400);
                assertThat(set.body()).contains("supportedChecksumAlgorithms");
                var other = algorithm == Algorithm.SHA1 ? Algorithm.SHA256 : Algorithm.SHA1;
                balancer.admin(
                        "PATCH",
                        "/servers/a",
                        "{\"checksum\": \"%s\"}".formatted(other.settingName()));
                assertThat(balancer.admin("POST", "/servers/a/poll", "").body())
                        .contains("refuses our secret");
            }
        }
    }

    @Test
    void bothSecretsWorkDuringARollOverAndTheOldOneNoMoreAfterIt() {
        try (var during =
                Balancer.start(
                        1, "PLIMSOLL_SECRET", NEW.reveal(), "PLIMSOLL_SECRETS", OLD.reveal())) {
            var target = during.target();
            expect(new Target(target.api(), OLD).get("create", ALGEBRA), true);
            expect(new Target(target.api(), NEW).get("getMeetingInfo", "meetingID=alg-1"), true);
            expect(new Target(target.api(), new Secret("other")).get("getMeetings", ""), false);
        }
        try (var after = Balancer.start(1, "PLIMSOLL_SECRET", NEW.reveal())) {
            var target = after.target();
            expect(new Target(target.api(), OLD).get("create", ALGEBRA), false);
            expect(new Target(target.api(), NEW).get("create", ALGEBRA), true);
        }
    }

    @Test
    void theChecksumMayStandAnywhereInAnyCase() {
        try (var balancer = Balancer.start(1)) {
            var target = balancer.target();
            for (String query :
                    List.of(
                            "",
                            "a=1",
                            "&a=1",
                            "a=1&",
                            "a=1&&b",
                            "a=1&a=2",
                            "a=%C3%a8+%2B",
                            "%e9")) {
                for (Algorithm algorithm : Algorithm.values()) {
                    String c = Checksum.of(algorithm, "getMeetings", query, BbbConformance.SECRET);
                    String upper = c.toUpperCase(Locale.ROOT);
                    expect(target.raw("getMeetings", query + "&checksum=" + c), true);
                    expect(target.raw("getMeetings", "checksum=" + upper + "&" + query), true);
                    expect(
                            target.raw(
                                    "getMeetings",
                                    query + "&checksum=" + upper + "&checksum=" + upper),
                            true);
                    expect(target.raw("getMeetings", query + "&b=2&checksum=" + c), false);
                    expect(
                            target.raw("getMeetings", query + "&checksum=" + c + "&checksum=d"),
                            false);
                }
            }
        }
    }

    private static String signed(Algorithm algorithm, String call, String query) {
        return Checksum.signed(algorithm, call, query, BbbConformance.SECRET);
    }

    private static void expect(Target.Answer answer, boolean good) {
        assertThat(answer.text("returncode"))
                .as(answer.body())
                .isEqualTo(good ? "SUCCESS" : "FAILED");
        if (!good) {
            assertThat(answer.text("messageKey")).isEqualTo("checksumError");
        }
    }
}
