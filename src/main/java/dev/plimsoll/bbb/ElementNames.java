// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// Makes element names legal that a server took over from a caller without looking.
// BBB: the part of a join parameter behind `userdata-` becomes an element's name, so one person who
// joins with
// `userdata-1x` makes getMeetings malformed, and with it the whole server look broken
final class ElementNames {

    private ElementNames() {}

    /// The document with an underscore before each element name that does not begin as names must, and in place of
    /// what must not stand in one. Text is untouched: in it, servers escape every `<`.
    static String repair(String document) {
        StringBuilder repaired = null;
        int copied = 0;
        for (int at = document.indexOf('<');
                at >= 0 && at + 1 < document.length();
                at = document.indexOf('<', at + 1)) {
            int name = document.charAt(at + 1) == '/' ? at + 2 : at + 1;
            int end = name;
            while (end < document.length() && " \t\r\n/<>".indexOf(document.charAt(end)) < 0) {
                end++;
            }
            String written = document.substring(name, end);
            String legal = legal(written);
            if (!legal.equals(written)) {
                repaired = repaired == null ? new StringBuilder(document.length() + 64) : repaired;
                repaired.append(document, copied, name).append(legal);
                copied = end;
            }
        }
        return repaired == null
                ? document
                : repaired.append(document, copied, document.length()).toString();
    }

    private static String legal(String name) {
        if (name.isEmpty() || name.charAt(0) == '!' || name.charAt(0) == '?') {
            return name; // a comment, a declaration or a DOCTYPE: the reader decides
        }
        var legal = new StringBuilder(name.length() + 1);
        if (!Character.isLetter(name.charAt(0)) && name.charAt(0) != '_') {
            legal.append('_');
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fits = Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
            legal.append(fits ? c : '_');
        }
        return legal.toString();
    }
}
