// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;
import static dev.plimsoll.testing.Check.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;

/// §10.3: join. Each check begins with the meeting alg-1, whose passwords are ap and mp.
final class JoinChecks {

    private static final String ADA = "fullName=Ada+L&meetingID=alg-1";
    private static final String STAY = "&redirect=false";
    private static final String GONE =
            "errors=[%7B%22message%22:%22You%20can%20not%20join%20a%20meeting%20that%20has%20already%20been%20forcibly"
                    + "%20ended%22,%22key%22:%22meetingForciblyEnded%22%7D]";
    private static final String V8 = "a8213b820efcbe6f8fb5f5f3089aeef9c17392d2";
    private static final String V9 = "92e4c60869b4368d2c15217fef1c9ba338beda1d";

    private JoinChecks() {}

    static List<Check> checks() {
        return List.of(
                everybody(36, "join sends the browser on", play("", JoinChecks::redirect)),
                everybody(37, "join without redirect tells all", play("", JoinChecks::noRedirect)),
                everybody(38, "join is only a reservation", play("", JoinChecks::reservation)),
                everybody(39, "a password decides the role", play("", JoinChecks::byPassword)),
                everybody(
                        40,
                        "a wrong password is refused in XML",
                        play("", JoinChecks::wrongPassword)),
                everybody(41, "role or password is needed", play("", JoinChecks::noRole)),
                everybody(42, "a role beats a password", play("", JoinChecks::roleWins)),
                everybody(43, "an unknown meeting has ended", play("", JoinChecks::unknownMeeting)),
                everybody(44, "errors lead to the logout address", play("", JoinChecks::logoutUrl)),
                server(
                        45,
                        "errors rather lead to the error address",
                        play("", JoinChecks::errorUrl)),
                everybody(46, "a name is needed", play("", JoinChecks::noName)),
                everybody(
                        47,
                        "another meeting's create time is refused",
                        play("", JoinChecks::wrongCreateTime)),
                everybody(
                        48,
                        "the meeting's create time passes",
                        play("", JoinChecks::rightCreateTime)),
                server(
                        49,
                        "a full meeting takes only who was there",
                        play("&maxParticipants=1", JoinChecks::full)),
                everybody(
                        50,
                        "a guest waits",
                        play("&guestPolicy=ASK_MODERATOR", JoinChecks::guestWaits)),
                everybody(
                        51,
                        "a guest is denied",
                        play("&guestPolicy=ALWAYS_DENY", JoinChecks::guestDenied)),
                server(52, "join takes no POST", play("", JoinChecks::post)));
    }

    private static Check.Play play(String params, Check.Play play) {
        return stage -> {
            Expect.success(
                    stage.target()
                            .get(
                                    "create",
                                    CreateChecks.ALGEBRA
                                            + "&attendeePW=ap&moderatorPW=mp"
                                            + params));
            play.on(stage);
        };
    }

    /// Opens the client page, as the browser would.
    static void visit(Target.Answer joined) {
        assertThat(Target.send(HttpRequest.newBuilder(URI.create(joined.text("url")))).status())
                .isEqualTo(200);
    }

    /// What the browser is shown in the end: a balancer sends it on to the server, which then says no.
    private static Target.Answer arrived(Target.Answer joined) {
        String location = joined.header("Location");
        return joined.status() == 302 && location.contains("/bigbluebutton/api/join?")
                ? Target.send(HttpRequest.newBuilder(URI.create(location)))
                : joined;
    }

    private static Target.Answer join(Stage stage, String query) {
        return stage.target().get("join", query);
    }

    private static void redirect(Stage stage) {
        var answer = stage.target().raw("join", ADA + "&role=MODERATOR&checksum=" + V8);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location"))
                .matches(
                        "https?://.*(/html5client/\\?sessionToken=[a-z0-9]{16}|/bigbluebutton/api/join\\?.*checksum=.*)");
        if (answer.header("Location").contains("/html5client/")) {
            assertThat(answer.header("Set-Cookie"))
                    .startsWith("JSESSIONID=")
                    .endsWith("; Path=/bigbluebutton; Secure; HttpOnly");
        }
    }

    private static void noRedirect(Stage stage) {
        String internalId =
                stage.target().get("getMeetingInfo", "meetingID=alg-1").text("internalMeetingID");
        var answer =
                stage.target().raw("join", ADA + "&role=MODERATOR&redirect=false&checksum=" + V9);
        Expect.success(answer);
        assertThat(Expect.names(answer.xml()))
                .isEqualTo(
                        List.of(
                                "returncode",
                                "messageKey",
                                "message",
                                "meeting_id",
                                "user_id",
                                "auth_token",
                                "session_token",
                                "guestStatus",
                                "url"));
        assertThat(answer.text("messageKey")).isEqualTo("successfullyJoined");
        assertThat(answer.text("message")).isEqualTo("You have joined successfully.");
        assertThat(answer.text("meeting_id")).isEqualTo(internalId);
        assertThat(answer.text("user_id")).matches("w_[a-z0-9]{12}");
        assertThat(answer.text("auth_token")).matches("[a-z0-9]{12}");
        assertThat(answer.text("session_token")).matches("[a-z0-9]{16}");
        assertThat(answer.text("guestStatus")).isEqualTo("ALLOW");
        assertThat(answer.text("url")).contains(answer.text("session_token"));
    }

    private static void reservation(Stage stage) {
        Expect.success(join(stage, ADA + "&role=MODERATOR" + STAY));
        var info = stage.target().get("getMeetingInfo", "meetingID=alg-1");
        assertThat(stage.target().get("isMeetingRunning", "meetingID=alg-1").text("running"))
                .isEqualTo("false");
        assertThat(info.text("participantCount")).isEqualTo("0");
        assertThat(info.text("hasUserJoined")).isEqualTo("false");
    }

    private static void byPassword(Stage stage) {
        visit(join(stage, ADA + "&password=mp" + STAY));
        visit(join(stage, ADA + "&password=ap" + STAY));
        var attendees =
                stage.target()
                        .get("getMeetingInfo", "meetingID=alg-1")
                        .xml()
                        .child("attendees")
                        .orElseThrow();
        assertThat(attendees.children().stream().map(a -> a.textOf("role")))
                .containsExactlyInAnyOrder("MODERATOR", "VIEWER");
    }

    private static void wrongPassword(Stage stage) {
        Expect.failed(
                arrived(join(stage, ADA + "&password=wrong")),
                "Params required",
                "You must enter a valid password");
    }

    private static void noRole(Stage stage) {
        Expect.sample(arrived(join(stage, ADA)), "10-join-params-required.xml");
    }

    private static void roleWins(Stage stage) {
        Expect.success(join(stage, ADA + "&role=viewer&password=wrong" + STAY));
    }

    private static final String NOPE = "fullName=Ada&meetingID=nope&role=VIEWER&redirect=false";

    private static void unknownMeeting(Stage stage) {
        Expect.redirects(join(stage, NOPE), stage.logoutUrl() + "?" + GONE);
    }

    private static void logoutUrl(Stage stage) {
        Expect.redirects(
                join(stage, NOPE + "&logoutURL=https%3A%2F%2Flms.example.org%2Fback%3Fx%3D1"),
                "https://lms.example.org/back?x=1&" + GONE);
    }

    private static void errorUrl(Stage stage) {
        Expect.redirects(
                join(
                        stage,
                        NOPE
                                + "&logoutURL=https%3A%2F%2Flms.example.org%2Fback%3Fx%3D1"
                                + "&errorRedirectUrl=https%3A%2F%2Flms.example.org%2Ferr"),
                "https://lms.example.org/err?" + GONE);
    }

    private static void noName(Stage stage) {
        Expect.redirects(
                join(stage, "fullName=&meetingID=alg-1&role=VIEWER"),
                stage.logoutUrl()
                        + "?errors=[%7B%22message%22:%22You%20must%20provide%20your%20name%22,"
                        + "%22key%22:%22missingParamFullName%22%7D]");
    }

    private static void wrongCreateTime(Stage stage) {
        Expect.failed(
                join(stage, ADA + "&role=VIEWER&createTime=1" + STAY),
                "mismatchCreateTimeParam",
                "The createTime parameter submitted mismatches with the current meeting.");
    }

    private static void rightCreateTime(Stage stage) {
        String createTime =
                stage.target().get("getMeetingInfo", "meetingID=alg-1").text("createTime");
        Expect.success(join(stage, ADA + "&role=VIEWER&createTime=" + createTime + STAY));
    }

    private static void full(Stage stage) {
        visit(join(stage, ADA + "&role=VIEWER&userID=ada" + STAY));
        Expect.failed(
                join(stage, "fullName=Bo&meetingID=alg-1&role=VIEWER&userID=bo" + STAY),
                "maxParticipantsReached",
                "The number of participants allowed for this meeting has been reached.");
        Expect.success(join(stage, ADA + "&role=VIEWER&userID=ada" + STAY));
    }

    private static void guestWaits(Stage stage) {
        var answer = join(stage, ADA + "&guest=true&role=VIEWER" + STAY);
        Expect.success(answer);
        assertThat(answer.text("guestStatus")).isEqualTo("WAIT");
    }

    private static void guestDenied(Stage stage) {
        Expect.failed(
                join(stage, ADA + "&guest=true&role=VIEWER" + STAY),
                "guestDeniedAccess",
                "You have been denied access to this meeting based on the meeting's guest policy");
    }

    private static void post(Stage stage) {
        Expect.noApiAnswer(
                stage.target()
                        .post(
                                "join",
                                "",
                                "application/x-www-form-urlencoded",
                                ADA + "&role=MODERATOR&checksum=" + V8));
    }
}
