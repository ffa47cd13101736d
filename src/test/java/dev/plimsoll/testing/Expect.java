// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Element;

import java.util.List;

/// Expectations that many conformance checks share.
final class Expect {

    static final String DUPLICATE =
            "This conference was already in existence and may currently be in progress.";

    private Expect() {}

    /// The error document, byte for byte.
    static void failed(Target.Answer answer, String key, String message) {
        String escaped = message.replace("&", "&amp;").replace("'", "&apos;");
        assertThat(answer.body())
                .isEqualTo(
                        "<response>\n<returncode>FAILED</returncode>\n<messageKey>%s</messageKey>\n<message>%s</message>\n</response>"
                                .formatted(key, escaped));
        isApiXml(answer);
    }

    static void failed(Target.Answer answer, String key) {
        assertThat(answer.text("returncode")).isEqualTo("FAILED");
        assertThat(answer.text("messageKey")).isEqualTo(key);
        isApiXml(answer);
    }

    static void isApiXml(Target.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualToIgnoringCase("text/xml;charset=utf-8");
    }

    static void success(Target.Answer answer) {
        assertThat(answer.text("returncode")).as(answer.body()).isEqualTo("SUCCESS");
        isApiXml(answer);
    }

    /// The document of a sample, byte for byte.
    static void sample(Target.Answer answer, String name) {
        assertThat(answer.body()).isEqualTo(Samples.text(name));
        isApiXml(answer);
    }

    static List<String> names(Element element) {
        return element.children().stream().map(Element::name).toList();
    }

    /// No document of the API: another status, or a page.
    static void noApiAnswer(Target.Answer answer) {
        assertThat(answer.status()).isGreaterThanOrEqualTo(400);
        assertThat(answer.body()).doesNotContain("<response>");
    }

    static void redirects(Target.Answer answer, String location) {
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).isEqualTo(location);
    }
}
