// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Random;

@Timeout(20)
class SimulatorControlTest {

    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s3cret")),
                    TestClock.standing(),
                    new Random(1));
    private final Target target = new Target(server.api(), server.secret());

    @BeforeEach
    void create() {
        target.get("create", "name=Room&meetingID=room");
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Target.Answer control(String method, String path, String body) {
        return Target.send(
                HttpRequest.newBuilder(server.api().resolve("/simulator/" + path))
                        .method(method, BodyPublishers.ofString(body)));
    }

    @Test
    void the_state_shows_meetings_people_calls_and_faults_but_no_secret() {
        control(
                "POST",
                "meetings/room/users",
                "{\"count\": 2, \"role\": \"moderator\", \"camera\": true}");
        control("POST", "faults", "{\"faults\": [\"end=hang\"]}");

        var state = control("GET", "state", "").body();
        assertThat(state)
                .contains(
                        "\"meetingId\":\"room\"",
                        "\"role\":\"MODERATOR\"",
                        "\"create\":1",
                        "end=hang")
                .doesNotContain("s3cret");
        assertThat(server.control().meeting("room").orElseThrow().people()).hasSize(2);
    }

    @Test
    void people_enter_and_leave() {
        assertThat(control("POST", "meetings/room/users", "").status()).isEqualTo(200);
        assertThat(control("POST", "meetings/room/users", "{\"count\": 3}").status())
                .isEqualTo(200);
        assertThat(target.get("getMeetingInfo", "meetingID=room").text("participantCount"))
                .isEqualTo("4");
        assertThat(control("DELETE", "meetings/room/users?count=1", "").status()).isEqualTo(200);
        assertThat(control("DELETE", "meetings/room/users", "").status()).isEqualTo(200);
    }

    @Test
    void a_meeting_ends_at_once() {
        assertThat(control("DELETE", "meetings/room", "").status()).isEqualTo(200);
        assertThat(server.control().meetings()).isEmpty();
    }

    @Test
    void meetings_can_be_lost() {
        assertThat(control("POST", "meetings/lose", "").status()).isEqualTo(200);
        assertThat(server.control().meetings()).isEmpty();
    }

    @Test
    void faults_are_added_listed_and_cleared() {
        assertThat(
                        control("POST", "faults", "{\"faults\": [\"create=drop*2\", \"delay:2s\"]}")
                                .body())
                .isEqualTo("{\"faults\":[\"create=drop*2\",\"delay:2s\"]}");
        assertThat(control("DELETE", "faults", "").body()).isEqualTo("{\"faults\":[]}");
        assertThat(control("GET", "faults", "").body()).isEqualTo("{\"faults\":[]}");
    }

    @Test
    void recordings_are_laid_down_listed_and_erased() {
        var added =
                control(
                        "POST",
                        "recordings",
                        """
                        {"meetingId": "room-1", "name": "Algebra", "recordId": "r-1", "start": "2026-03-03T14:05:09Z",
                         "minutes": 90, "participants": 4, "state": "unpublished", "formats": ["video", "podcast"],
                         "metadata": {"Topic": "Sets"}, "tracks": [{"lang": "de", "label": "Deutsch"}]}
                        """);
        assertThat(added.body())
                .isEqualTo(
                        "{\"recordId\":\"r-1\",\"meetingId\":\"room-1\",\"name\":\"Algebra\",\"state\":\"unpublished\","
                                + "\"start\":\"2026-03-03T14:05:09Z\",\"formats\":[\"video\",\"podcast\"],"
                                + "\"metadata\":{\"topic\":\"Sets\"},\"tracks\":[\"captions_de.vtt\"]}");
        assertThat(control("POST", "recordings", "{\"meetingId\": \"room-2\"}").status())
                .isEqualTo(200);
        assertThat(control("GET", "recordings", "").body()).contains("r-1", "room-2");
        assertThat(target.get("getRecordings", "recordID=r-1").body())
                .contains("<length>90</length>", "<topic>Sets</topic>");
        assertThat(control("POST", "recordings/r-1/ready", "").status()).isEqualTo(200);
        assertThat(control("DELETE", "recordings/r-1", "").status()).isEqualTo(200);
        assertThat(control("DELETE", "recordings/r-1", "").status()).isEqualTo(404);
        assertThat(control("POST", "recordings", "{\"state\": \"lost\"}").status()).isEqualTo(400);
        assertThat(
                        control("POST", "recordings", "{\"meetingId\": \"a\", \"state\": \"lost\"}")
                                .body())
                .contains("state is one of");
        assertThat(
                        control(
                                        "POST",
                                        "recordings",
                                        "{\"meetingId\": \"a\", \"start\": \"yesterday\"}")
                                .body())
                .contains("start is a time");
    }

    @Test
    void hooks_are_listed_lost_removed_and_installed() {
        target.get("hooks/create", "callbackURL=https%3A%2F%2Flms.example.org%2Fsecret");
        assertThat(control("GET", "hooks", "").body())
                .contains("\"waiting\":0")
                .doesNotContain("secret");
        assertThat(control("DELETE", "hooks", "").body()).isEqualTo("{\"hooks\":[]}");
        assertThat(control("POST", "hooks/remove", "").status()).isEqualTo(200);
        assertThat(target.get("hooks/list", "").status()).isEqualTo(404);
        assertThat(control("POST", "hooks/install", "").status()).isEqualTo(200);
        assertThat(target.get("hooks/list", "").status()).isEqualTo(200);
        assertThat(control("POST", "hooks/nonsense", "").status()).isEqualTo(404);
    }

    @Test
    void a_meeting_is_recorded_for_a_while() {
        target.get("create", "name=Room&meetingID=rec&record=true");
        assertThat(control("POST", "meetings/rec/recording", "{}").status()).isEqualTo(200);
        assertThat(control("POST", "meetings/rec/recording", "{\"on\": false}").status())
                .isEqualTo(200);
    }

    @Test
    void mistakes_are_told() {
        assertThat(control("POST", "faults", "{\"faults\": [\"explode\"]}").body())
                .contains("'explode' is no fault");
        assertThat(control("POST", "faults", "{").status()).isEqualTo(400);
        assertThat(control("POST", "faults", "[]").status()).isEqualTo(400);
        assertThat(control("POST", "meetings/room/users", "{\"count\": 0}").status())
                .isEqualTo(400);
        assertThat(control("POST", "meetings/room/users", "{\"count\": \"many\"}").status())
                .isEqualTo(400);
        assertThat(control("POST", "meetings/room/users", "{\"role\": \"king\"}").body())
                .contains("role is moderator");
        assertThat(control("POST", "meetings/nope/users", "").status()).isEqualTo(404);
        assertThat(control("GET", "", "").status()).isEqualTo(404);
        assertThat(control("POST", "faults", "x".repeat(200_000)).status()).isEqualTo(413);
    }
}
