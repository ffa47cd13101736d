// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;
import static dev.plimsoll.testing.Check.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Params;
import dev.plimsoll.simulator.People;

import java.time.Duration;
import java.util.List;

/// §10.4, second half: the calls that do something, and the end.
final class EndChecks {

    private static final String ALG = "meetingID=alg-1";

    private EndChecks() {}

    static List<Check> checks() {
        return List.of(
                server(61, "a meeting nobody joins ends by itself", EndChecks::unjoinedEnds),
                everybody(62, "end is acknowledged", EndChecks::end),
                everybody(63, "after the end the meeting is gone", EndChecks::gone),
                everybody(64, "after the end the id makes a new meeting", EndChecks::reborn),
                everybody(65, "an unknown meeting cannot be ended", EndChecks::endUnknown),
                everybody(66, "end needs no password", EndChecks::endWithAnyPassword),
                server(67, "the end is told, and told again", EndChecks::callbacks),
                everybody(68, "no document for an unknown meeting", EndChecks::documentForNobody),
                everybody(69, "no chat without people", EndChecks::chatWithoutPeople));
    }

    private static Target.Answer endMeeting(Stage stage, String query) {
        return stage.target().get("end", query);
    }

    private static void unjoinedEnds(Stage stage) {
        try (var receiver = Receiver.start()) {
            stage.target()
                    .get(
                            "create",
                            CreateChecks.ALGEBRA
                                    + "&meta_endCallbackUrl="
                                    + Params.encode(receiver.url() + "/e"));
            stage.pass(Duration.ofSeconds(315));
            Expect.sample(StateChecks.info(stage), StateChecks.NOT_FOUND);
            assertThat(receiver.await(1))
                    .containsExactly("/e?recordingmarks=false&meetingID=alg-1");
        }
    }

    private static void end(Stage stage) {
        StateChecks.create(stage);
        stage.connect("alg-1", People.viewers(1));
        Expect.sample(endMeeting(stage, ALG), "17-end.xml");
    }

    private static void gone(Stage stage) {
        StateChecks.create(stage);
        endMeeting(stage, ALG);
        stage.pass(Duration.ofSeconds(3));
        Expect.sample(StateChecks.info(stage), StateChecks.NOT_FOUND);
        assertThat(stage.target().get("isMeetingRunning", ALG).text("running")).isEqualTo("false");
        Expect.sample(endMeeting(stage, ALG), StateChecks.NOT_FOUND);
        var join = stage.target().get("join", "fullName=Ada&role=VIEWER&" + ALG);
        assertThat(join.status()).isEqualTo(302);
        assertThat(join.header("Location")).contains("meetingForciblyEnded");
    }

    private static void reborn(Stage stage) {
        var first = stage.target().get("create", CreateChecks.ALGEBRA);
        endMeeting(stage, ALG);
        stage.pass(Duration.ofSeconds(3));
        var second = stage.target().get("create", CreateChecks.ALGEBRA);
        assertThat(second.text("messageKey")).isEmpty();
        assertThat(second.text("internalMeetingID"))
                .isNotEqualTo(first.text("internalMeetingID"))
                .startsWith("e07cf1f6a89ba5bcf16c9849f7808806c16acbbe-");
    }

    private static void endUnknown(Stage stage) {
        Expect.sample(endMeeting(stage, "meetingID=nope"), StateChecks.NOT_FOUND);
    }

    private static void endWithAnyPassword(Stage stage) {
        StateChecks.create(stage);
        Expect.success(endMeeting(stage, ALG + "&password=wrong"));
    }

    private static void callbacks(Stage stage) {
        try (var receiver = Receiver.start()) {
            receiver.failNext(1);
            stage.target()
                    .get(
                            "create",
                            CreateChecks.ALGEBRA
                                    + "&meta_endCallbackUrl="
                                    + Params.encode(receiver.url() + "/e?t=1"));
            endMeeting(stage, ALG);
            stage.pass(Duration.ofSeconds(3));
            receiver.await(1);
            receiver.awaitWhile(() -> stage.pass(Duration.ofSeconds(30)), 2);

            stage.target()
                    .get(
                            "create",
                            "name=Two&meetingID=two&meetingEndedURL="
                                    + Params.encode(receiver.url() + "/m"));
            endMeeting(stage, "meetingID=two");
            stage.pass(Duration.ofSeconds(3));

            String marks = "/e?t=1&recordingmarks=false&meetingID=alg-1";
            assertThat(receiver.await(3)).containsExactly(marks, marks, "/m");
        }
    }

    private static void documentForNobody(Stage stage) {
        Expect.sample(
                stage.target()
                        .post(
                                "insertDocument",
                                stage.target().sign("insertDocument", "meetingID=nope"),
                                "application/xml",
                                Samples.text("44-modules-body.xml")),
                "32-insert-document-not-found.xml");
    }

    private static void chatWithoutPeople(Stage stage) {
        StateChecks.create(stage);
        Expect.failed(
                stage.target().get("sendChatMessage", ALG + "&message=Hello"),
                "meetingNotFound",
                "Meeting not found");
    }
}
