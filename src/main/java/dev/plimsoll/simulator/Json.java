// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import tools.jackson.databind.json.JsonMapper;

import java.util.Iterator;
import java.util.Map;

/// JSON as the parts of a server write it: bbb-web indents by four blanks, all others write one line.
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /// On one line.
    static String compact(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// Indented by four blanks, as Grails does it.
    static String pretty(Object value) {
        var out = new StringBuilder();
        write(out, value, "\n");
        return out.toString();
    }

    private static void write(StringBuilder out, Object value, String lineBreak) {
        switch (value) {
            case Map<?, ?> map ->
                    list(
                            out,
                            "{}",
                            map.entrySet().iterator(),
                            lineBreak,
                            (entry, inner) -> {
                                out.append(compact(String.valueOf(entry.getKey()))).append(": ");
                                write(out, entry.getValue(), inner);
                            });
            case Iterable<?> items ->
                    list(
                            out,
                            "[]",
                            items.iterator(),
                            lineBreak,
                            (item, inner) -> write(out, item, inner));
            default -> out.append(compact(value));
        }
    }

    private interface ItemWriter<T> {
        void write(T item, String lineBreak);
    }

    private static <T> void list(
            StringBuilder out,
            String brackets,
            Iterator<T> items,
            String lineBreak,
            ItemWriter<T> writer) {
        out.append(brackets.charAt(0));
        String inner = lineBreak + "    ";
        while (items.hasNext()) {
            out.append(inner);
            writer.write(items.next(), inner);
            out.append(items.hasNext() ? "," : "");
        }
        out.append(lineBreak).append(brackets.charAt(1));
    }
}
