// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.config.Secret;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "https://bbb1.example.org, https://bbb1.example.org/bigbluebutton/api/",
        "https://bbb1.example.org/, https://bbb1.example.org/bigbluebutton/api/",
        "https://bbb1.example.org/bigbluebutton, https://bbb1.example.org/bigbluebutton/api/",
        "https://bbb1.example.org/bigbluebutton/, https://bbb1.example.org/bigbluebutton/api/",
        "https://bbb1.example.org/bigbluebutton/api, https://bbb1.example.org/bigbluebutton/api/",
        "https://bbb1.example.org/bigbluebutton/api//, https://bbb1.example.org/bigbluebutton/api/",
        "' HTTPS://BBB1.example.org ', https://bbb1.example.org/bigbluebutton/api/",
        "http://127.0.0.1:8090, http://127.0.0.1:8090/bigbluebutton/api/",
        "http://[::1]:8090/x, http://[::1]:8090/x/api/",
        "https://h.example.org/a%20b/api, https://h.example.org/a%20b/api/"
    })
    void takesAnAddressAsPeopleWriteIt(String written, String api) {
        assertThat(Endpoint.apiAddress(written)).hasToString(api);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "bbb1.example.org",
                "bbb1.example.org/bigbluebutton",
                "ftp://bbb1.example.org",
                "https:///bigbluebutton",
                "https://user@bbb1.example.org",
                "https://bbb1.example.org?x=1",
                "https://bbb1.example.org/#x",
                "https://bbb1.example.org:0",
                "https://bbb1.example.org:99999",
                "https://bbb1 .example.org",
                "mailto:x@example.org",
                "file:///etc/passwd"
            })
    void saysWhatIsNoAddressInAnOperatorsWords(String written) {
        assertThatThrownBy(() -> Endpoint.apiAddress(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not an address; write https://bbb1.example.org");
    }

    @Test
    void signsACallWithSha256() {
        var secret = new Secret("conformance-secret-0123456789");
        assertThat(Endpoint.of("https://bbb1.example.org", secret).signed("getMeetings", ""))
                .isEqualTo(
                        "https://bbb1.example.org/bigbluebutton/api/getMeetings?checksum="
                                + "4af0c0dc8876df3338f8bd729aa6a009ab67c8bbc488f0c6a5af4c271d57414d");
    }

    @Test
    void doesNotShowItsSecret() {
        assertThat(Endpoint.of("https://bbb1.example.org", new Secret("geheim")).toString())
                .doesNotContain("geheim");
    }
}
