// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static dev.plimsoll.testing.Check.everybody;
import static dev.plimsoll.testing.Check.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum.Algorithm;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// §10.1: checksums and transport. The vectors stand here as the reference has them, so that a wrong checksum
/// cannot agree with itself.
final class TransportChecks {

    private static final String V1 = "0c70d899996186cbdd02635509ef9178cc751ef2";
    private static final String V2 = "b25a99e05dc5ef6f046bb6185e5b0c74aba1dd09";
    private static final String V3 = "52915fc826d39fa341b49f3856e36b21b7f05acc";
    private static final String V5 = "1c0195c2a33cab22fd9e846179c6eab4cdd30acf";
    private static final String V6 = "0bc6126604a82562fbd9ca707c2a3be75fc68a50";
    private static final String V7 = "19c9568ffd2f8142c47d276bb0648c9eff04bccd";
    private static final List<String> V1_OTHERS =
            List.of(
                    "4af0c0dc8876df3338f8bd729aa6a009ab67c8bbc488f0c6a5af4c271d57414d",
                    "b72ecf0512785a6e4849f2118fa77f6ec8030d70a24f1bdacd03873a80f995728dc0bd6fd216f89988e3c9816633010c",
                    "8097d1be5a37fea72a4125805b499a5d02218e7100758cc82cb39c9ac292e9cd05a3717f3527a15cd1e3172ce93f5252e6449a19b4ff824318f2e21a3052caa9");
    private static final String ALGEBRA = "name=Algebra+1&meetingID=alg-1";
    private static final String MISMATCH = "Checksums do not match";
    private static final String MODULES = "<modules><module name=\"presentation\"/></modules>";

    private TransportChecks() {}

    static List<Check> checks() {
        return List.of(
                everybody(1, "an empty server has no meetings", TransportChecks::emptyServer),
                everybody(2, "every digest is known", TransportChecks::otherDigests),
                everybody(
                        3,
                        "upper-case checksums pass",
                        stage -> empty(meetings(stage, V1.toUpperCase(Locale.ROOT)))),
                everybody(
                        4,
                        "a wrong digit fails",
                        stage -> mismatch(meetings(stage, V1.replaceAll(".$", "0")))),
                everybody(
                        5,
                        "a short checksum fails",
                        stage -> mismatch(meetings(stage, V1.substring(0, 39)))),
                everybody(
                        6,
                        "no checksum fails",
                        stage ->
                                Expect.failed(
                                        stage.target().raw("getMeetings", ""), "checksumError")),
                everybody(
                        7, "a digest that is not allowed fails", TransportChecks::forbiddenDigest),
                everybody(8, "a blank may be a plus", TransportChecks::plus),
                everybody(
                        9,
                        "a plus is not signed like %20",
                        stage -> mismatch(create(stage, ALGEBRA, V3))),
                everybody(10, "the checksum may stand anywhere", TransportChecks::anywhere),
                everybody(11, "the order of parameters is signed", TransportChecks::order),
                everybody(
                        12, "the case of percent-encoding is signed", TransportChecks::percentCase),
                everybody(13, "a form body is not signed", TransportChecks::formBody),
                everybody(
                        14,
                        "JSON bodies are refused",
                        stage -> body(stage, "application/json", "{}")),
                everybody(15, "bodies of no type are refused", stage -> body(stage, "", MODULES)),
                everybody(16, "XML bodies may name a character set", TransportChecks::xmlBody),
                server(17, "getMeetings takes no XML body", TransportChecks::getMeetingsWithXml),
                server(18, "an unknown call is no API answer", TransportChecks::unknownCall));
    }

    private static Target.Answer meetings(Stage stage, String checksum) {
        return stage.target().raw("getMeetings", "checksum=" + checksum);
    }

    private static Target.Answer create(Stage stage, String query, String checksum) {
        return stage.target().raw("create", query + "&checksum=" + checksum);
    }

    private static void empty(Target.Answer answer) {
        Expect.sample(answer, "15-get-meetings-empty.xml");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    }

    private static void mismatch(Target.Answer answer) {
        Expect.failed(answer, "checksumError", MISMATCH);
    }

    private static void emptyServer(Stage stage) {
        empty(meetings(stage, V1));
    }

    private static void otherDigests(Stage stage) {
        V1_OTHERS.forEach(checksum -> empty(meetings(stage, checksum)));
    }

    private static void forbiddenDigest(Stage stage) {
        var strict = stage.allowing(Set.of(Algorithm.SHA256));
        mismatch(strict.raw("getMeetings", "checksum=" + V1));
        empty(strict.raw("getMeetings", "checksum=" + V1_OTHERS.getFirst()));
    }

    private static void plus(Stage stage) {
        Expect.success(create(stage, ALGEBRA, V2));
        assertThat(stage.target().get("getMeetingInfo", "meetingID=alg-1").text("meetingName"))
                .isEqualTo("Algebra 1");
    }

    private static void anywhere(Stage stage) {
        var target = stage.target();
        empty(target.raw("getMeetings", "&checksum=" + V1));
        empty(
                Target.send(
                        HttpRequest.newBuilder(target.uri("getMeetings", "checksum=" + V1))
                                .header("Content-Type", "application/xml")));
        Expect.success(target.raw("create", "checksum=" + V2 + "&" + ALGEBRA));
        Expect.success(target.raw("create", "name=Algebra+1&checksum=" + V2 + "&meetingID=alg-1"));
    }

    private static void order(Stage stage) {
        mismatch(create(stage, "meetingID=alg-1&name=Algebra+1", V2));
    }

    private static void percentCase(Stage stage) {
        String upper = "name=Alg%C3%A8bre&meetingID=alg-1";
        Expect.success(create(stage, upper, V5));
        Expect.success(create(stage, "name=Alg%c3%a8bre&meetingID=alg-1", V6));
        mismatch(create(stage, upper, V6));
    }

    private static void formBody(Stage stage) {
        Expect.success(
                stage.target()
                        .post(
                                "create",
                                "",
                                "application/x-www-form-urlencoded",
                                ALGEBRA + "&checksum=" + V7));
        assertThat(stage.target().get("getMeetingInfo", "meetingID=alg-1").text("meetingName"))
                .isEqualTo("Algebra 1");
    }

    private static void body(Stage stage, String contentType, String body) {
        Expect.sample(
                stage.target().post("create", ALGEBRA + "&checksum=" + V2, contentType, body),
                "08-unsupported-content-type.xml");
    }

    private static void xmlBody(Stage stage) {
        Expect.success(
                stage.target()
                        .post(
                                "create",
                                ALGEBRA + "&checksum=" + V2,
                                "application/xml; charset=utf-8",
                                Samples.text("44-modules-body.xml")));
    }

    private static void getMeetingsWithXml(Stage stage) {
        Expect.sample(
                stage.target().post("getMeetings", "checksum=" + V1, "application/xml", MODULES),
                "08-unsupported-content-type.xml");
    }

    private static void unknownCall(Stage stage) {
        Expect.noApiAnswer(stage.target().raw("noSuchCall", "checksum=x"));
    }
}
