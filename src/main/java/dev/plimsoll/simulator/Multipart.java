// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;

/// Reads the text fields of a `multipart/form-data` body, which some clients send instead of a plain form.
final class Multipart {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";,]{1,70})\"?");
    private static final Pattern NAME =
            Pattern.compile("(?i)content-disposition:[^\r\n]*?[; ]name=\"([^\"]*)\"");

    private Multipart() {}

    /// The fields in order; none when the body is no such form.
    static Params fields(String contentType, byte[] body) {
        var boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return Params.NONE;
        }
        var namesAndValues = new ArrayList<String>();
        String text = new String(body, StandardCharsets.UTF_8);
        for (String part : text.split(Pattern.quote("--" + boundary.group(1)), -1)) {
            int blank = part.indexOf("\r\n\r\n");
            var name = NAME.matcher(blank < 0 ? "" : part.substring(0, blank));
            if (name.find()) {
                String value = part.substring(blank + 4);
                namesAndValues.add(name.group(1));
                namesAndValues.add(
                        value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value);
            }
        }
        return Params.of(namesAndValues.toArray(String[]::new));
    }
}
