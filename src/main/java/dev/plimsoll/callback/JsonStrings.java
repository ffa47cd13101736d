// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Changes single strings of a JSON text and leaves the rest as it was written, to the letter: numbers, blanks and
/// escapes have more than one form, and receivers may compare.
final class JsonStrings {

    private JsonStrings() {}

    /// Puts another text in the place of each string value that is exactly the one searched for, also in a document
    /// inside a string. Keys stay.
    ///
    /// @param json a sound document
    static String replace(String json, String from, String to) {
        var out = new StringBuilder(json.length());
        int at = 0;
        while (at < json.length()) {
            int quote = json.indexOf('"', at);
            if (quote < 0) {
                break;
            }
            int end = endOfString(json, quote);
            String literal = json.substring(quote, end);
            out.append(json, at, quote)
                    .append(isKey(json, end) ? literal : replaced(literal, from, to));
            at = end;
        }
        return out.append(json, at, json.length()).toString();
    }

    /// Where the string that begins here is over.
    private static int endOfString(String json, int quote) {
        for (int at = quote + 1; at < json.length(); at++) {
            switch (json.charAt(at)) {
                case '\\' -> at++;
                case '"' -> {
                    return at + 1;
                }
                default -> {}
            }
        }
        return json.length();
    }

    private static boolean isKey(String json, int end) {
        int at = end;
        while (at < json.length() && Character.isWhitespace(json.charAt(at))) {
            at++;
        }
        return at < json.length() && json.charAt(at) == ':';
    }

    private static String replaced(String literal, String from, String to) {
        try {
            String value = JsonMapper.shared().readValue(literal, String.class);
            if (value.equals(from)) {
                return JsonMapper.shared().writeValueAsString(to);
            }
            return isDocument(value) && value.contains(from)
                    ? JsonMapper.shared().writeValueAsString(replace(value, from, to))
                    : literal;
        } catch (JacksonException e) {
            return literal;
        }
    }

    private static boolean isDocument(String value) {
        if (!value.startsWith("{") && !value.startsWith("[")) {
            return false;
        }
        try {
            JsonMapper.shared().readTree(value);
            return true;
        } catch (JacksonException e) {
            return false;
        }
    }
}
