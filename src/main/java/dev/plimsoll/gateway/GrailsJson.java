// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// JSON as bbb-web writes it: a `response` with flat fields, indented by four blanks.
final class GrailsJson {

    static final String TYPE = "application/json;charset=utf-8";

    private GrailsJson() {}

    /// @param fields names and values in turn
    static byte[] response(String... fields) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < fields.length; i += 2) {
            lines.add("        " + quoted(fields[i]) + ": " + quoted(fields[i + 1]));
        }
        return ("{\n    \"response\": {\n" + String.join(",\n", lines) + "\n    }\n}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
