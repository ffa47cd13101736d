// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.Target;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Random;

@Timeout(20)
class SimulatorLifetimeTest {

    private final TestClock clock = TestClock.standing();
    private final SimulatedServer server =
            SimulatedServer.start(
                    SimulatorSettings.standard(new Secret("s3cret")), clock, new Random(1));
    private final Target target = new Target(server.api(), server.secret());
    private final Control control = server.control();

    @AfterEach
    void close() {
        server.close();
    }

    private void create(String id, String params) {
        assertThat(target.get("create", "name=Room&meetingID=" + id + params).text("returncode"))
                .isEqualTo("SUCCESS");
    }

    private Target.Answer join(String name, String params) {
        return target.get(
                "join", "redirect=false&role=VIEWER&meetingID=room&fullName=" + name + params);
    }

    private static Target.Answer visit(Target.Answer joined) {
        return Target.send(HttpRequest.newBuilder(URI.create(joined.text("url"))));
    }

    private void pass(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    private boolean exists(String id) {
        return target.get("getMeetingInfo", "meetingID=" + id).text("returncode").equals("SUCCESS");
    }

    @Test
    void an_ending_meeting_is_there_until_the_clock_has_moved() {
        create("room", "");
        target.get("end", "meetingID=room");

        clock.advance(Duration.ofMillis(49));
        assertThat(exists("room")).isTrue();
        assertThat(target.get("end", "meetingID=room").text("returncode")).isEqualTo("SUCCESS");
        clock.advance(Duration.ofMillis(1));
        assertThat(exists("room")).isFalse();
    }

    @Test
    void a_meeting_ends_when_its_duration_is_over() {
        create("room", "&duration=10");
        control.connect("room", People.viewers(1));

        pass(590);
        assertThat(exists("room")).isTrue();
        pass(20);
        assertThat(exists("room")).isFalse();
    }

    @Test
    void an_unjoined_meeting_waits_as_long_as_it_was_told() {
        create("room", "&meetingExpireIfNoUserJoinedInMinutes=20");

        pass(1190);
        assertThat(exists("room")).isTrue();
        pass(20);
        assertThat(exists("room")).isFalse();
    }

    @Test
    void an_empty_meeting_stays_as_long_as_it_was_told() {
        create("room", "&meetingExpireWhenLastUserLeftInMinutes=10");
        control.connect("room", People.viewers(1));
        control.leave("room");

        pass(600);
        assertThat(exists("room")).isTrue();
        pass(31);
        assertThat(exists("room")).isFalse();
    }

    @Test
    void zero_minutes_after_the_last_user_means_at_once() {
        create("room", "&meetingExpireWhenLastUserLeftInMinutes=0");
        control.connect("room", People.viewers(1));
        control.leave("room");

        pass(21);
        assertThat(exists("room")).isFalse();
    }

    @Test
    void a_meeting_with_people_lasts() {
        create("room", "");
        control.connect("room", People.viewers(1));

        pass(86_400 * 30L);
        assertThat(exists("room")).isTrue();
    }

    @Test
    void who_left_is_purged_after_a_minute() {
        create("room", "&meetingExpireWhenLastUserLeftInMinutes=60");
        control.connect("room", People.viewers(1));
        control.leave("room");

        pass(60);
        assertThat(target.get("isMeetingRunning", "meetingID=room").text("running"))
                .isEqualTo("true");
        pass(40);
        assertThat(target.get("isMeetingRunning", "meetingID=room").text("running"))
                .isEqualTo("false");
        assertThat(exists("room")).isTrue();
    }

    @Test
    void breakout_rooms_end_with_their_parent_and_not_before() {
        create("room", "");
        control.connect("room", People.viewers(1));
        String internalId = control.meeting("room").orElseThrow().internalId();
        create("abcdef-1772547300500", "&isBreakout=true&parentMeetingID=room&sequence=1");
        var room = target.get("getMeetingInfo", "meetingID=abcdef-1772547300500");
        assertThat(room.text("isBreakout")).isEqualTo("true");
        assertThat(room.text("parentMeetingID")).isEqualTo(internalId);
        assertThat(room.text("internalMeetingID")).isEqualTo("abcdef-1772547300500");
        assertThat(target.get("getMeetingInfo", "meetingID=room").body())
                .contains(
                        "<breakoutRooms>\n<breakout>"
                                + room.text("meetingID")
                                + "</breakout>\n</breakoutRooms>");

        pass(3600);
        assertThat(exists("abcdef")).isTrue();
        target.get("end", "meetingID=room");
        pass(1);
        assertThat(control.meetings()).isEmpty();
    }

    @Test
    void a_breakout_room_of_nothing_is_refused() {
        assertThat(
                        target.get(
                                        "create",
                                        "name=Room&meetingID=r-1&isBreakout=true&parentMeetingID=nope&sequence=1")
                                .text("messageKey"))
                .isEqualTo("parentMeetingDoesNotExist");
    }

    @Test
    void a_reservation_is_kept_for_45_seconds() {
        create("room", "");
        var early = join("Ada", "");
        var late = join("Bo", "");

        pass(30);
        assertThat(visit(early).status()).isEqualTo(200);
        pass(30);
        assertThat(visit(late).status()).isEqualTo(404);
        assertThat(control.meeting("room").orElseThrow().people()).hasSize(1);
    }

    @Test
    void the_client_page_lets_people_in_and_out() {
        create("room", "&logoutURL=https%3A%2F%2Flms.example.org%2Fback");
        var joined = join("%3Cb%3EAda", "");
        var page = visit(joined);
        assertThat(page.body())
                .contains("&lt;b&gt;Ada")
                .contains("Room")
                .doesNotContain("<b>")
                .doesNotContain("<script");
        assertThat(control.meeting("room").orElseThrow().people()).hasSize(1);

        var leave =
                HttpRequest.newBuilder(
                                server.api()
                                        .resolve(
                                                "/html5client/leave?sessionToken="
                                                        + joined.text("session_token")))
                        .POST(HttpRequest.BodyPublishers.noBody());
        assertThat(Target.send(leave).body()).contains("https://lms.example.org/back");
        pass(21);
        assertThat(control.meeting("room").orElseThrow().people()).isEmpty();
    }

    @Test
    void a_guest_in_the_lobby_is_not_there_until_admitted() {
        create("room", "&guestPolicy=ASK_MODERATOR");
        var joined = join("Ada", "&guest=true");

        assertThat(visit(joined).body()).contains("wait");
        assertThat(control.meeting("room").orElseThrow().people()).isEmpty();
        control.admitGuests("room");
        assertThat(visit(joined).body()).contains("You are in");
        assertThat(control.meeting("room").orElseThrow().people()).hasSize(1);
    }

    @Test
    void one_person_has_three_clients_at_most() {
        create("room", "");
        for (int i = 0; i < 4; i++) {
            visit(join("Ada", "&userID=ada"));
        }
        pass(21);
        assertThat(control.meeting("room").orElseThrow().people()).hasSize(3);
    }

    @Test
    void a_failed_callback_is_tried_again_four_times() {
        try (var receiver = Receiver.start()) {
            receiver.failNext(99);
            create("room", "&meetingEndedURL=" + Params.encode(receiver.url() + "/m"));
            control.endMeeting("room");
            int attempt = 1;
            for (int wait : new int[] {30, 60, 120, 300}) {
                receiver.await(attempt++);
                awaitCallbacks(1);
                clock.advance(Duration.ofSeconds(wait).minusMillis(1));
                server.tick();
                assertThat(control.callbacks()).hasSize(1);
                clock.advance(Duration.ofMillis(1));
                server.tick();
            }
            receiver.await(attempt);
            awaitCallbacks(0);
        }
    }

    private void awaitCallbacks(int count) {
        long end = System.nanoTime() + 5_000_000_000L;
        while (control.callbacks().size() != count && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(control.callbacks()).hasSize(count);
    }

    @Test
    void breakout_rooms_end_in_silence() {
        try (var receiver = Receiver.start()) {
            String callback = "&meetingEndedURL=" + Params.encode(receiver.url());
            create("room", callback + "%2Fparent");
            create(
                    "a-1",
                    "&isBreakout=true&parentMeetingID=room&sequence=1" + callback + "%2Froom");
            control.endMeeting("room");
            assertThat(receiver.await(1)).containsExactly("/parent");
        }
    }

    @Test
    void a_lost_meeting_comes_back_under_another_internal_id() {
        create("room", "");
        String first = control.meeting("room").orElseThrow().internalId();
        control.loseMeetings();
        create("room", "");
        assertThat(control.meeting("room").orElseThrow().internalId()).isNotEqualTo(first);
    }
}
