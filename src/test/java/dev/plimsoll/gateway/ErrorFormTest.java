// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ErrorFormTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    application/json                       | true
                    Application/JSON;q=0.9, text/plain     | true
                    application/json, text/plain, */*      | false
                    application/json, text/xml             | false
                    application/xml, application/json;q=1  | false
                    */*                                    | false
                    ''                                     | false
                    """)
    void jsonIsForWhoCannotTakeXml(String accept, boolean json) {
        assertThat(ErrorForm.asksForJson(accept)).isEqualTo(json);
    }
}
