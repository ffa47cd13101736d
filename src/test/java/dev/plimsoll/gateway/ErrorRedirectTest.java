// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorRedirectTest {

    @ParameterizedTest
    @CsvSource({
        "https://lms.example, https://lms.example",
        "HTTP://lms.example:8443/a?b=c, HTTP://lms.example:8443/a?b=c",
        "http://[::1]:80/a, http://[::1]:80/a",
        "https://lms.example/%%CONFNAME%%/x?u=%%DIALNUM%%&z, https://lms.example//x?u=&z",
        "https://lms.example/#/rooms/7, https://lms.example/#/rooms/7",
        "https://bücher.example:99/ä?ö#ü, https://xn--bcher-kva.example:99/%C3%A4?%C3%B6#%C3%BC",
        "' https://lms.example/ ', https://lms.example/",
        "https://lms.example/%0d%0aX:%20y, https://lms.example/%0d%0aX:%20y"
    })
    void addressesOfTheWebAreTaken(String given, String expected) {
        assertThat(ErrorRedirect.web(given)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript://lms.example/%0aalert(1)",
                "data:text/html,<h1>x",
                "file:///etc/passwd",
                "//evil.example/",
                "/relative",
                "lms.example",
                "https:lms.example",
                "https:///path",
                "https://lms.example@evil.example/",
                "https://a:b@evil.example/",
                "https://bücher@evil.example/",
                "https://lms.example\\@evil.example/",
                "https://lms.example/\r\nSet-Cookie: a=b",
                "https://lms.example/\n",
                "https://lms.exa\u0000mple/",
                "https://lms example/",
                "https://",
                "%%TOKEN%%",
                "https://..ü../"
            })
    void allElseIsNot(String given) {
        var taken = ErrorRedirect.web(given);
        if (given.equals("https://lms.example/\n")) {
            assertThat(taken).contains("https://lms.example/"); // blanks around do no harm
        } else {
            assertThat(taken).isEmpty();
        }
    }

    @Test
    void theErrorsStandBeforeTheFragment() {
        assertThat(ErrorRedirect.withQuery("https://a/x#/r?q", "errors=[]"))
                .isEqualTo("https://a/x?errors=[]#/r?q");
        assertThat(ErrorRedirect.withQuery("https://a/x?y=z#f", "errors=[]"))
                .isEqualTo("https://a/x?y=z&errors=[]#f");
        assertThat(ErrorRedirect.withQuery("https://a", "errors=[]"))
                .isEqualTo("https://a?errors=[]");
    }
}
