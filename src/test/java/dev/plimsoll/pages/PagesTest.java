// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PagesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | true
                    TEXT/HTML                                                       | true
                    application/json, text/html;level=1                             | true
                    */*                                                             | false
                    ''                                                              | false
                    text/*                                                          | false
                    text/html;q=0                                                   | false
                    application/json, text/plain, */*                               | false
                    """)
    void onlyWhoAsksForHtmlByNameIsABrowser(String accept, boolean browser) {
        assertThat(Pages.asksForHtml(accept)).isEqualTo(browser);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    [{"message":"x","key":"meetingForciblyEnded"}]                    | ENDED
                    [{"key":"Params required"}]                                       | NOT_ENTITLED
                    [{"key":"no such"},{"key":"maxParticipantsReached"}]              | FULL
                    [{"key":"Call +49 for help","message":"Call +49"}]                | UNKNOWN
                    [{"key":{"key":"notFound"}},{"key":7},{"key":null},"notFound",[]] | UNKNOWN
                    {"key":"notFound"}                                                | UNKNOWN
                    []                                                                | UNKNOWN
                    [[[                                                               | UNKNOWN
                    notFound                                                          | UNKNOWN
                    """)
    void errorsAreUnderstoodByTheirKeysAlone(String errors, Notice notice) {
        assertThat(RootPage.notice(errors)).isEqualTo(notice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                              | 0
                    plimsoll_waiting=abc.7                          | 7
                    a=b; plimsoll_waiting=abc.12; c=d               | 12
                    plimsoll_waiting=def.7                          | 0
                    x_plimsoll_waiting=abc.7                        | 0
                    plimsoll_waiting=abc.-7                         | 0
                    plimsoll_waiting=abc.99999999999                | 0
                    plimsoll_waiting=                               | 0
                    """)
    void theCookieCountsForOneMeeting(String cookies, int tried) {
        assertThat(WaitingRoom.tried(cookies, "abc")).isEqualTo(tried);
    }
}
