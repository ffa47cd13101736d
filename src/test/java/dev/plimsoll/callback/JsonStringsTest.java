// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class JsonStringsTest {

    private static String replaced(String json) {
        return JsonStrings.replace(json, "school~Räum \"1\"", "Räum \"1\"");
    }

    @Test
    void aValueIsReplacedAndAllElseKeepsItsForm() {
        assertThat(
                        replaced(
                                """
                                [ {"a" : "school~Räum \\"1\\"", "n":1.50e2, "u":"\\u00e9\\/", "x":["school~R\\u00e4um \\"1\\""]} ]\
                                """))
                .isEqualTo(
                        """
                        [ {"a" : "Räum \\"1\\"", "n":1.50e2, "u":"\\u00e9\\/", "x":["Räum \\"1\\""]} ]\
                        """);
    }

    @Test
    void keysAndLongerTextsStay() {
        for (String json :
                List.of(
                        "{\"school~Räum \\\"1\\\"\" : 1}",
                        "[\"xschool~Räum \\\"1\\\"\"]",
                        "[\"{ no document school~Räum \\\"1\\\"\"]",
                        "[]",
                        "17")) {
            assertThat(replaced(json)).isEqualTo(json);
        }
    }

    @Test
    void aDocumentInsideAStringIsReadToo() {
        assertThat(
                        JsonStrings.replace(
                                "[\"{\\\"extId\\\":\\\"s~1\\\",\\\"n\\\":1.0}\"]", "s~1", "1"))
                .isEqualTo("[\"{\\\"extId\\\":\\\"1\\\",\\\"n\\\":1.0}\"]");
    }

    @Test
    void whatIsNoJsonDoesNoHarm() {
        for (String text : List.of("", "\"", "\"\\", "\"\\u12\"", "[\"a", "\"a\"\"")) {
            assertThat(replaced(text)).isEqualTo(text);
        }
    }
}
