// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;
import static dev.plimsoll.testing.Check.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Element;
import dev.plimsoll.simulator.People;

import java.time.Duration;
import java.util.List;

/// §10.4, first half: the calls that look.
final class StateChecks {

    static final String NOT_FOUND = "18-not-found.xml";
    private static final String ALG = "meetingID=alg-1";
    private static final List<String> MEETING =
            List.of(
                    "meetingName",
                    "meetingID",
                    "internalMeetingID",
                    "createTime",
                    "createDate",
                    "voiceBridge",
                    "dialNumber",
                    "attendeePW",
                    "moderatorPW",
                    "running",
                    "duration",
                    "hasUserJoined",
                    "recording",
                    "hasBeenForciblyEnded",
                    "startTime",
                    "endTime",
                    "participantCount",
                    "listenerCount",
                    "voiceParticipantCount",
                    "videoCount",
                    "maxUsers",
                    "moderatorCount",
                    "attendees",
                    "metadata",
                    "isBreakout");

    private StateChecks() {}

    static List<Check> checks() {
        return List.of(
                everybody(
                        53, "an unknown meeting is not running", StateChecks::unknownIsNotRunning),
                everybody(54, "an unknown meeting is not found", StateChecks::unknownIsNotFound),
                everybody(55, "a meeting nobody joined", StateChecks::unjoined),
                everybody(56, "a meeting with one moderator", StateChecks::oneModerator),
                everybody(57, "a meeting is found by its internal id", StateChecks::byInternalId),
                server(
                        57,
                        "a meeting is found by a prefix of its internal id",
                        StateChecks::byPrefix),
                everybody(58, "getMeetings tells the same", StateChecks::getMeetings),
                server(59, "who left lingers", StateChecks::lingering),
                server(60, "an empty meeting ends by itself", StateChecks::emptyEnds));
    }

    static void create(Stage stage) {
        Expect.success(stage.target().get("create", CreateChecks.ALGEBRA));
    }

    static Target.Answer info(Stage stage) {
        return stage.target().get("getMeetingInfo", ALG);
    }

    private static void unknownIsNotRunning(Stage stage) {
        var answer = stage.target().get("isMeetingRunning", "meetingID=nope");
        assertThat(answer.body())
                .isEqualTo(Samples.text("16-is-meeting-running.xml").replace("true", "false"));
        Expect.isApiXml(answer);
    }

    private static void unknownIsNotFound(Stage stage) {
        Expect.sample(stage.target().get("getMeetingInfo", "meetingID=nope"), NOT_FOUND);
        Expect.sample(stage.target().get("getMeetingInfo", ""), NOT_FOUND);
    }

    private static void unjoined(Stage stage) {
        create(stage);
        var answer = info(stage);
        Expect.success(answer);
        assertThat(Expect.names(answer.xml()).getFirst()).isEqualTo("returncode");
        assertThat(Expect.names(answer.xml()).subList(1, MEETING.size() + 1)).isEqualTo(MEETING);
        for (String flag :
                List.of(
                        "running",
                        "hasUserJoined",
                        "hasBeenForciblyEnded",
                        "isBreakout",
                        "recording")) {
            assertThat(answer.text(flag)).as(flag).isEqualTo("false");
        }
        for (String count :
                List.of(
                        "endTime",
                        "participantCount",
                        "listenerCount",
                        "voiceParticipantCount",
                        "videoCount",
                        "moderatorCount")) {
            assertThat(answer.text(count)).as(count).isEqualTo("0");
        }
        assertThat(answer.body()).contains("<attendees>\n</attendees>\n<metadata>\n</metadata>\n");
    }

    private static void oneModerator(Stage stage) {
        create(stage);
        stage.connect("alg-1", People.moderators(1).withCamera().withMicrophone());
        var answer = info(stage);
        assertThat(answer.text("running")).isEqualTo("true");
        assertThat(answer.text("hasUserJoined")).isEqualTo("true");
        for (String count :
                List.of(
                        "participantCount",
                        "voiceParticipantCount",
                        "videoCount",
                        "moderatorCount")) {
            assertThat(answer.text(count)).as(count).isEqualTo("1");
        }
        var attendees = answer.xml().child("attendees").orElseThrow().children();
        assertThat(attendees).hasSize(1);
        Element ada = attendees.getFirst();
        assertThat(Expect.names(ada))
                .containsExactly(
                        "userID",
                        "fullName",
                        "role",
                        "isPresenter",
                        "isListeningOnly",
                        "hasJoinedVoice",
                        "hasVideo",
                        "clientType",
                        "customdata");
        assertThat(ada.textOf("role")).isEqualTo("MODERATOR");
        assertThat(ada.textOf("isListeningOnly")).isEqualTo("false");
        assertThat(ada.textOf("hasJoinedVoice")).isEqualTo("true");
        assertThat(ada.textOf("hasVideo")).isEqualTo("true");
        assertThat(ada.textOf("clientType")).isEqualTo("HTML5");
    }

    private static void byInternalId(Stage stage) {
        create(stage);
        var answer = info(stage);
        assertThat(
                        stage.target()
                                .get(
                                        "getMeetingInfo",
                                        "meetingID=" + answer.text("internalMeetingID"))
                                .body())
                .isEqualTo(answer.body());
    }

    private static void byPrefix(Stage stage) {
        create(stage);
        assertThat(stage.target().get("getMeetingInfo", "meetingID=e07cf1f6a8").body())
                .isEqualTo(info(stage).body());
    }

    private static void getMeetings(Stage stage) {
        create(stage);
        stage.connect("alg-1", People.viewers(2));
        var answer = stage.target().get("getMeetings", "");
        Expect.success(answer);
        assertThat(Expect.names(answer.xml())).containsExactly("returncode", "meetings");
        String meeting =
                info(stage)
                        .body()
                        .replace("<response>\n<returncode>SUCCESS</returncode>\n", "<meeting>\n")
                        .replace("</response>", "</meeting>\n");
        assertThat(answer.body())
                .isEqualTo(
                        "<response>\n<returncode>SUCCESS</returncode>\n<meetings>\n"
                                + meeting
                                + "</meetings>\n</response>");
    }

    private static void lingering(Stage stage) {
        create(stage);
        stage.connect("alg-1", People.viewers(1));
        stage.leave("alg-1");
        stage.pass(Duration.ofSeconds(25));
        var answer = info(stage);
        assertThat(answer.text("participantCount")).isEqualTo("0");
        assertThat(answer.body()).contains("<attendees>\n</attendees>");
        assertThat(answer.text("running")).isEqualTo("true");
        assertThat(stage.target().get("getMeetings", "").body()).contains("<attendee>");
    }

    private static void emptyEnds(Stage stage) {
        create(stage);
        stage.connect("alg-1", People.viewers(1));
        stage.leave("alg-1");
        stage.pass(Duration.ofSeconds(100));
        Expect.sample(info(stage), NOT_FOUND);
    }
}
