// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;
import static dev.plimsoll.testing.Check.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/// §10.2: create.
final class CreateChecks {

    static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";
    private static final String NOT_UNIQUE = "04-create-id-not-unique.xml";

    private CreateChecks() {}

    static List<Check> checks() {
        return List.of(
                everybody(19, "create answers in order", CreateChecks::fresh),
                everybody(20, "create again finds the meeting", CreateChecks::again),
                everybody(21, "create again changes nothing", CreateChecks::againOtherwise),
                everybody(22, "create again with other passwords fails", CreateChecks::passwords),
                everybody(
                        23,
                        "a name is needed",
                        stage -> sample(stage, "meetingID=alg-1", "07b-create-name-missing.xml")),
                refused(
                        24,
                        "name=&meetingID=alg-1",
                        "emptyError",
                        "You must provide a meeting name"),
                refused(
                        25,
                        "name=X&meetingID=alg-1",
                        "sizeError",
                        "Meeting name must be between 2 and 256 characters"),
                refused(
                        26,
                        "name=Alg&meetingID=a%2Cb",
                        "validationError",
                        "Meeting ID cannot contain ','"),
                everybody(
                        27,
                        "an id of one letter is refused",
                        stage -> sample(stage, "name=Alg&meetingID=x", "07-create-size-error.xml")),
                server(28, "an id with outer blanks is refused", CreateChecks::blankId),
                refused(29, "name=Alg", "validationError", "Invalid meeting ID"),
                refused(
                        30,
                        ALGEBRA + "&record=maybe",
                        "validationError",
                        "Record must be a boolean value (true or false)"),
                refused(
                        31,
                        ALGEBRA + "&voiceBridge=abc",
                        "validationError",
                        "Voice bridge must be an integral value"),
                server(32, "a voice bridge is taken once", CreateChecks::voiceBridge),
                everybody(33, "only well-named metadata is kept", CreateChecks::metadata),
                refused(
                        34,
                        ALGEBRA + "&isBreakout=true",
                        "parentMeetingIDMissing",
                        "No parent meeting ID was provided for the breakout room"),
                everybody(35, "creates at one moment make one meeting", CreateChecks::atOnce));
    }

    private static Check refused(int number, String query, String key, String message) {
        return everybody(
                number,
                "create is refused: " + message,
                stage -> Expect.failed(stage.target().get("create", query), key, message));
    }

    private static void sample(Stage stage, String query, String sample) {
        Expect.sample(stage.target().get("create", query), sample);
    }

    private static void fresh(Stage stage) {
        var answer = stage.target().get("create", ALGEBRA);
        Expect.success(answer);
        assertThat(answer.body())
                .startsWith("<response>\n<returncode>SUCCESS</returncode>\n<meetingID>alg-1<");
        assertThat(Expect.names(answer.xml()))
                .containsExactly(
                        "returncode",
                        "meetingID",
                        "internalMeetingID",
                        "parentMeetingID",
                        "attendeePW",
                        "moderatorPW",
                        "createTime",
                        "voiceBridge",
                        "dialNumber",
                        "createDate",
                        "hasUserJoined",
                        "duration",
                        "hasBeenForciblyEnded",
                        "messageKey",
                        "message");
        assertThat(answer.text("internalMeetingID"))
                .matches("e07cf1f6a89ba5bcf16c9849f7808806c16acbbe-\\d{13}")
                .endsWith("-" + answer.text("createTime"));
        assertThat(answer.text("parentMeetingID")).isEqualTo("bbb-none");
        assertThat(answer.text("attendeePW")).matches("[A-Za-z0-9]{8}");
        assertThat(answer.text("moderatorPW")).matches("[A-Za-z0-9]{8}");
        assertThat(answer.text("voiceBridge")).matches("\\d{5}");
        assertThat(answer.text("dialNumber")).isEqualTo("613-555-1234");
        assertThat(answer.text("createDate"))
                .matches("[A-Z][a-z]{2} [A-Z][a-z]{2} \\d\\d \\d\\d:\\d\\d:\\d\\d \\S+ \\d{4}");
        assertThat(answer.text("hasUserJoined")).isEqualTo("false");
        assertThat(answer.text("duration")).isEqualTo("0");
        assertThat(answer.text("hasBeenForciblyEnded")).isEqualTo("false");
        assertThat(answer.body())
                .endsWith("<messageKey></messageKey>\n<message></message>\n</response>");
    }

    private static void expectDuplicate(Target.Answer first, Target.Answer second) {
        assertThat(second.body())
                .isEqualTo(
                        first.body()
                                .replace(
                                        "<messageKey></messageKey>\n<message></message>",
                                        "<messageKey>duplicateWarning</messageKey>\n<message>"
                                                + Expect.DUPLICATE
                                                + "</message>"));
    }

    private static void again(Stage stage) {
        var first = stage.target().get("create", ALGEBRA);
        expectDuplicate(first, stage.target().get("create", ALGEBRA));
    }

    private static void againOtherwise(Stage stage) {
        var first = stage.target().get("create", ALGEBRA);
        expectDuplicate(
                first, stage.target().get("create", "name=Other&meetingID=alg-1&record=true"));
        var info = stage.target().get("getMeetingInfo", "meetingID=alg-1");
        assertThat(info.text("meetingName")).isEqualTo("Algebra 1");
        assertThat(info.text("recording")).isEqualTo("false");
    }

    private static void passwords(Stage stage) {
        String query = ALGEBRA + "&attendeePW=ap&moderatorPW=";
        var first = stage.target().get("create", query + "mp");
        expectDuplicate(first, stage.target().get("create", query + "mp"));
        sample(stage, query + "xx", NOT_UNIQUE);
        sample(stage, ALGEBRA + "&attendeePW=ap", NOT_UNIQUE);
    }

    private static void blankId(Stage stage) {
        Expect.failed(
                stage.target().get("create", "name=Alg&meetingID=%20alg-1"),
                "validationError",
                "Invalid meeting ID");
    }

    private static void voiceBridge(Stage stage) {
        Expect.success(stage.target().get("create", "name=One&meetingID=one&voiceBridge=71234"));
        sample(
                stage,
                "name=Two&meetingID=two&voiceBridge=71234",
                "05-create-voice-bridge-taken.xml");
    }

    private static void metadata(Stage stage) {
        stage.target().get("create", ALGEBRA + "&meta_Course-ID=M1&meta_bad_key=1&meta_9x=2");
        assertThat(stage.target().get("getMeetingInfo", "meetingID=alg-1").body())
                .contains("<metadata>\n<course-id>M1</course-id>\n</metadata>");
    }

    private static void atOnce(Stage stage) {
        Callable<Target.Answer> create = () -> stage.target().get("create", ALGEBRA);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(IntStream.range(0, 20).mapToObj(_ -> create).toList());
            int fresh = 0;
            var ids = new HashSet<String>();
            for (var future : answers) {
                var answer = future.get();
                Expect.success(answer);
                ids.add(answer.text("internalMeetingID"));
                fresh += answer.text("messageKey").isEmpty() ? 1 : 0;
            }
            assertThat(ids).hasSize(1);
            assertThat(fresh).isEqualTo(1);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
