// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.simulator.FaultRule;
import dev.plimsoll.testing.Cluster;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpRequest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.regex.Pattern;

/// What a person in a browser is shown instead of a meeting, and that programs are not shown it.
@Timeout(30)
final class JoinPagesTest {

    private static final String BROWSER =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
    private static final String ROOM = "fullName=Ada&meetingID=room&role=VIEWER";
    private static final Pattern TITLE = Pattern.compile("<title>([^<]*)</title>");

    private static String join(Cluster cluster, String query) {
        return cluster.api().base()
                + "/bigbluebutton/api/join?"
                + Checksum.signed(Checksum.Algorithm.SHA256, "join", query, cluster.api().secret());
    }

    private static Target.Answer browse(String address, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(address)).header("Accept", BROWSER);
        return Target.send(headers.length == 0 ? request : request.headers(headers));
    }

    private static String title(Target.Answer answer) {
        var title = TITLE.matcher(answer.body());
        assertThat(title.find()).as(answer.body()).isTrue();
        return title.group(1);
    }

    private static String cookie(Target.Answer answer) {
        return answer.header("Set-Cookie").split(";", 2)[0];
    }

    @Test
    void aPersonWhoseMeetingHasEndedIsToldSoInTheirLanguage() {
        try (var cluster = Cluster.of(1).start()) {
            var sent = browse(join(cluster, ROOM));
            assertThat(sent.status()).isEqualTo(302);
            assertThat(sent.header("Location")).startsWith(cluster.api().base() + "?errors=[");
            var address = sent.header("Location").replace("[", "%5B").replace("]", "%5D");
            var page = browse(address, "Accept-Language", "de-AT,de;q=0.9,en;q=0.5");
            assertThat(title(page)).isEqualTo("Dieser Konferenz kann man nicht beitreten");
            assertThat(page.body())
                    .contains("<html lang=\"de\" dir=\"ltr\">", "<main>", "<h1>", "viewport");
            assertThat(title(browse(address + "&lang=fr", "Accept-Language", "de")))
                    .isEqualTo("Impossible de rejoindre cette réunion");
        }
    }

    @Test
    void aPageAllowsNothingButItsOwnStyleAndTellsNobodyItsAddress() {
        try (var cluster = Cluster.of(1).start()) {
            var page = browse(cluster.api().base() + "/?errors=%5B%5D");
            assertThat(page.header("Content-Security-Policy"))
                    .matches(
                            "default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none';"
                                    + " form-action 'none'");
            assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.header("Cache-Control")).isEqualTo("no-store");
            assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
            assertThat(page.body()).doesNotContain("<script", "http://", "https://", "style=");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%5B%7B%22message%22:%22Call+Mallory%22,%22key%22:%22Mallory%22%7D%5D",
                "%5B%7B%22message%22:%22Mallory%22,%22key%22:%22meetingForciblyEnded%22%7D%5D",
                "Mallory",
                "%3Cscript%3EMallory%3C/script%3E&lang=%3CMallory%3E"
            })
    void nobodyCanPutWordsIntoOurMouth(String errors) {
        try (var cluster = Cluster.of(1).start()) {
            var page = browse(cluster.api().base() + "/?errors=" + errors);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<h1>").doesNotContain("Mallory");
        }
    }

    @Test
    void whereBigBlueButtonShowsXmlAPersonSeesAPageAndAProgramXml() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            String forged = cluster.api().base() + "/bigbluebutton/api/join?" + ROOM + "&checksum=";
            var page = browse(forged);
            assertThat(page.status()).isEqualTo(200);
            assertThat(title(page)).isEqualTo("This link does not work");
            for (String accept : new String[] {"*/*", "application/json, text/plain, */*"}) {
                var xml =
                        Target.send(
                                HttpRequest.newBuilder(URI.create(forged))
                                        .header("Accept", accept));
                assertThat(xml.text("messageKey")).isEqualTo("checksumError");
            }
            assertThat(browse(forged + "&redirect=false").text("messageKey"))
                    .isEqualTo("checksumError");
            assertThat(title(browse(join(cluster, "fullName=Ada&meetingID=room&role=boss"))))
                    .isEqualTo("This link does not let you in");
            // Whoever tries the other calls in a browser wants to see what a frontend sees.
            assertThat(browse(forged.replace("/join", "/create")).text("messageKey"))
                    .isEqualTo("checksumError");
        }
    }

    @Test
    void onlyASignedCallLeadsElsewhere() {
        try (var cluster = Cluster.of(1).start()) {
            String there = "&errorRedirectUrl=https%3A%2F%2Flms.example%2F%23%2Froom";
            assertThat(browse(join(cluster, ROOM + there)).header("Location"))
                    .matches("https://lms\\.example/\\?errors=\\[.*]#/room");
            var forged =
                    browse(
                            cluster.api().base()
                                    + "/bigbluebutton/api/join?"
                                    + ROOM
                                    + there
                                    + "&checksum=00");
            assertThat(forged.status()).isEqualTo(200);
            assertThat(forged.body()).doesNotContain("lms.example");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript%3Aalert(1)",
                "data%3Atext%2Fhtml%2Cx",
                "https%3A%2F%2Flms.example%2F%0d%0aSet-Cookie:%20a=b",
                "https%3A%2F%2Fus%40evil.example"
            })
    void whatIsNoWebAddressIsPassedOver(String address) {
        try (var cluster = Cluster.of(1).start()) {
            var sent =
                    browse(
                            join(
                                    cluster,
                                    ROOM
                                            + "&errorRedirectUrl="
                                            + address
                                            + "&logoutURL=https://lms.example/bye"));
            assertThat(sent.header("Location")).startsWith("https://lms.example/bye?errors=");
            assertThat(sent.header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void aDefectIsToldWithItsNumberAndNothingElse() throws SQLException {
        try (var cluster = Cluster.of(1).start();
                var database =
                        DriverManager.getConnection(
                                "jdbc:sqlite:" + cluster.data().resolve("plimsoll.db"));
                var statement = database.createStatement()) {
            statement.execute("ALTER TABLE meetings RENAME TO hidden");
            var page = browse(join(cluster, ROOM));
            statement.execute("ALTER TABLE hidden RENAME TO meetings");
            assertThat(page.status()).isEqualTo(500);
            assertThat(title(page)).isEqualTo("Something went wrong here");
            assertThat(page.body()).containsPattern("the number [0-9a-f]{10}<");
        }
    }

    @Test
    void aBrowserWaitsOnAPageWhileTheMeetingIsBeingCreated() {
        try (var cluster = Cluster.of(1).with("join.patience", "200ms").start()) {
            cluster.server(0).faults().add(FaultRule.parse("create=delay:1500ms*1"));
            var create = Together.begin(() -> cluster.api().create("room"));
            Together.until("the create is under way", () -> cluster.registered("room").isPresent());
            var page = browse(join(cluster, ROOM));
            assertThat(page.status()).isEqualTo(200);
            assertThat(title(page)).isEqualTo("Your meeting is being opened");
            assertThat(page.body())
                    .contains("<meta http-equiv=\"refresh\" content=\"3\">", "<a href=\"\">")
                    .doesNotContain("checksum", "room", "Ada");
            assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(page.header("Set-Cookie"))
                    .matches(
                            "plimsoll_waiting=[0-9a-f]+\\.1; Max-Age=120; Path=/bigbluebutton; HttpOnly; SameSite=Lax");
            assertThat(Together.result(create).succeeded()).isTrue();
            var entered = browse(join(cluster, ROOM), "Cookie", cookie(page));
            assertThat(entered.header("Location")).contains("/api/join?");
        }
    }

    @Test
    void aBrowserWaitsForAServerThatIsOfflineAndAProgramIsTold() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.server(0).goDown();
            cluster.poll(0);
            assertThat(cluster.health(0)).isEqualTo("unstable");
            assertThat(browse(join(cluster, ROOM)).header("Location")).contains("/api/join?");
            cluster.poll(0);
            cluster.poll(0);
            assertThat(title(browse(join(cluster, ROOM))))
                    .isEqualTo("Your meeting does not answer just now");
            assertThat(cluster.api().join("room").location()).contains("serverUnavailable");

            cluster.server(0).comeUp();
            cluster.poll(0);
            cluster.poll(0);
            assertThat(browse(join(cluster, ROOM)).header("Location")).contains("/api/join?");
        }
    }

    @Test
    void waitingEndsAndCanBeBegunAnew() {
        try (var cluster = Cluster.of(1).with("join.tries", "3").start()) {
            cluster.api().create("room");
            cluster.server(0).goDown();
            for (int i = 0; i < 3; i++) {
                cluster.poll(0);
            }
            String address = join(cluster, ROOM);
            var page = browse(address);
            for (int i = 0; i < 2; i++) {
                page = browse(address, "Cookie", "other=1; " + cookie(page));
                assertThat(page.body()).contains("http-equiv=\"refresh\"");
            }
            var last = browse(address, "Cookie", cookie(page));
            assertThat(title(last)).isEqualTo("Your meeting does not answer");
            assertThat(last.body()).contains("<a href=\"\">").doesNotContain("http-equiv");
            var anew = browse(address, "Cookie", cookie(last), "Sec-Fetch-Site", "same-origin");
            assertThat(anew.body()).contains("http-equiv=\"refresh\"");

            // A frontend that wants to hear of errors hears of it.
            String told = join(cluster, ROOM + "&errorRedirectUrl=https://lms.example/");
            assertThat(browse(told, "Cookie", cookie(page)).header("Location"))
                    .startsWith("https://lms.example/?errors=")
                    .contains("serverUnavailable");
        }
    }

    @Test
    void aBrowserThatKeepsNoCookiesDoesNotTryForEver() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room");
            cluster.server(0).goDown();
            for (int i = 0; i < 3; i++) {
                cluster.poll(0);
            }
            String address = join(cluster, ROOM);
            assertThat(browse(address, "Sec-Fetch-Site", "cross-site").body())
                    .contains("http-equiv=\"refresh\"");
            var second = browse(address, "Sec-Fetch-Site", "same-origin");
            assertThat(second.body()).contains("<a href=\"\">").doesNotContain("http-equiv");
        }
    }

    @ParameterizedTest
    @CsvSource({"guest=true", "guest=TRUE&auth=false", "guest=&avatarURL=a%2Bb+c"})
    void guestsArePassedOnWordForWord(String parameters) {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room", "guestPolicy", "ASK_MODERATOR");
            var sent = browse(join(cluster, ROOM + "&" + parameters));
            assertThat(sent.header("Location"))
                    .startsWith(
                            cluster.server(0).api()
                                    + "join?"
                                    + ROOM
                                    + "&"
                                    + parameters
                                    + "&checksum=");
        }
    }

    @Test
    void aGuestWithoutRedirectGetsTheServersWords() {
        try (var cluster = Cluster.of(1).start()) {
            cluster.api().create("room", "guestPolicy", "ASK_MODERATOR");
            var waits = browse(join(cluster, ROOM + "&guest=true&redirect=false"));
            assertThat(waits.text("guestStatus")).isEqualTo("WAIT");
            assertThat(waits.text("url")).contains(waits.text("session_token"));
        }
    }
}
