// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.simulator.MeetingPlan.Breakout;
import dev.plimsoll.testing.Samples;
import dev.plimsoll.testing.TestClock;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Byte for byte, but for the time a server takes to confirm a meeting.
class SimulatorTemplatesTest {

    private static final String PARENT = "a1f06dab0d53743b2f5aa07b46d981c678107ee3-1772546709112";

    private final TestClock clock = new TestClock(Instant.ofEpochMilli(1_772_540_001_457L));
    private final Meetings meetings = new Meetings(clock, 50, _ -> {});
    private final MeetingXml xml = new MeetingXml(meetings);

    private static MeetingPlan plan(Optional<Breakout> breakout, String... params) {
        var all =
                Params.of(params)
                        .and(Params.of("attendeePW", "q7Xb2LmP", "moderatorPW", "Zr8kT0aw"));
        return MeetingPlan.of(all, breakout, List.of(), new Chance(new Random(1)));
    }

    private Meeting maths() {
        clock.advance(Duration.ofMillis(1_772_546_709_112L - clock.millis()));
        var meeting =
                meetings.exclusively(() ->
                        meetings.add(
                                plan(
                                        Optional.empty(),
                                        "name",
                                        "Maths <101>",
                                        "meetingID",
                                        "maths-101",
                                        "voiceBridge",
                                        "48213",
                                        "duration",
                                        "90",
                                        "record",
                                        "true",
                                        "maxParticipants",
                                        "50",
                                        "meta_bbb-origin",
                                        "ExampleLMS",
                                        "meta_bbb-origin-server-name",
                                        "lms.example.org",
                                        "meta_endCallbackUrl",
                                        "https://lms.example.org/ended?course=7&k=1")));
        clock.advance(Duration.ofSeconds(1));
        return meeting;
    }

    private Meeting mathsWithPeople() {
        var meeting = maths();
        var ada = enter(meeting, "staff-17", "Ada Lindqvist", Role.MODERATOR, Map.of());
        ada.microphone = true;
        ada.camera = true;
        enter(
                                meeting,
                                "stud-204",
                                "Bo & Co",
                                Role.VIEWER,
                                Map.of("bbb_show_session_details", "false"))
                        .listening =
                true;
        enter(meeting, "v_4f0a9c2d7b11", "+49 30 5550 1", Role.PHONE, Map.of()).microphone = true;
        return meeting;
    }

    private User enter(
            Meeting meeting,
            String externalId,
            String name,
            Role role,
            Map<String, String> customData) {
        return meetings.exclusively(() -> {
            var user =
                    new User(
                            new User.Person(
                                    "w_" + externalId, externalId, name, role, "ALLOW", customData),
                            0);
            meeting.connect(user, meetings.now());
            return user;
        });
    }

    private static void same(byte[] document, String sample) {
        String inHashOrder =
                Samples.text(sample)
                        .replaceAll(
                                "(<bbb-origin>.*\n)(<bbb-origin-server-name>.*\n)",
                                "$2$1"); // as Java 25 has it
        assertThat(withoutStart(new String(document, StandardCharsets.UTF_8)))
                .isEqualTo(withoutStart(inHashOrder));
    }

    private static String withoutStart(String document) {
        return document.replaceAll("<startTime>\\d+</startTime>", "<startTime/>");
    }

    @Test
    void create_writes_what_a_server_writes() {
        var meeting = maths();
        same(MeetingXml.created(meeting, "", ""), "02-create-ok.xml");
        same(
                MeetingXml.created(
                        meeting,
                        "duplicateWarning",
                        "This conference was already in existence and may currently be in progress."),
                "03-create-duplicate.xml");
    }

    @Test
    void getMeetingInfo_writes_what_a_server_writes() {
        var meeting = mathsWithPeople();
        same(meetings.exclusively(() -> xml.info(meeting)), "11-get-meeting-info.xml");
    }

    @Test
    void getMeetings_writes_what_a_server_writes() {
        var room =
                meetings.exclusively(() ->
                        meetings.add(
                                plan(
                                        Optional.empty(),
                                        "name",
                                        "Room 42",
                                        "meetingID",
                                        "room-42",
                                        "voiceBridge",
                                        "70418",
                                        "meetingExpireIfNoUserJoinedInMinutes",
                                        "999")));
        var meeting = mathsWithPeople();
        same(meetings.exclusively(() -> xml.list(List.of(meeting, room))), "14-get-meetings.xml");
    }

    @Test
    void breakout_rooms_are_written_as_a_server_writes_them() {
        var parent = mathsWithPeople();
        var plan =
                plan(
                        Optional.of(new Breakout(PARENT, 1, false)),
                        "name",
                        "Maths <101> (Room 1)",
                        "meetingID",
                        "5c7d9e1f3a5b7c9d0e2f4a6b8c0d1e3f5a7b9c1d-1772547300500",
                        "voiceBridge",
                        "482131",
                        "duration",
                        "15");
        clock.advance(Duration.ofMillis(1_772_547_300_533L - clock.millis()));
        var first =
                new Meeting(
                        plan,
                        "9d0e2c5b8f1a47c6b3d20e5f7a9c1b4d6e8f0a2c-1772547300500",
                        plan.meetingId(),
                        clock.millis());
        var second =
                new Meeting(
                        plan,
                        "1f2e3d4c5b6a79880716253443526170899aabbc-1772547300500",
                        "other",
                        clock.millis());
        meetings.exclusively(() -> {
            meetings.put(first);
            meetings.put(second);
            return true;
        });
        enter(first, "w_k3v9x0tq7hzb-1", "Ada Lindqvist", Role.MODERATOR, Map.of()).microphone =
                true;
        clock.advance(Duration.ofSeconds(1));

        same(
                meetings.exclusively(() -> xml.info(parent)),
                "12-get-meeting-info-with-breakouts.xml");
        same(meetings.exclusively(() -> xml.info(first)), "13-get-meeting-info-of-breakout.xml");
    }

    @Test
    void getMeetings_writes_large_counts_as_people_do_and_getMeetingInfo_does_not() {
        var meeting = maths();
        for (int i = 0; i < 1234; i++) {
            enter(meeting, "u" + i, "User", Role.VIEWER, Map.of());
        }
        assertThat(
                        new String(
                                meetings.exclusively(() -> xml.list(meetings.all())),
                                StandardCharsets.UTF_8))
                .contains("<participantCount>1,234</participantCount>");
        assertThat(
                        new String(
                                meetings.exclusively(() -> xml.info(meeting)),
                                StandardCharsets.UTF_8))
                .contains("<participantCount>1234</participantCount>");
    }

    @Test
    void the_start_time_is_unknown_until_the_meeting_is_confirmed() {
        var meeting =
                meetings.exclusively(
                        () -> meetings.add(plan(Optional.empty(), "name", "A", "meetingID", "a1")));
        assertThat(
                        new String(
                                meetings.exclusively(() -> xml.info(meeting)),
                                StandardCharsets.UTF_8))
                .contains("<startTime>0</startTime>");
    }
}
