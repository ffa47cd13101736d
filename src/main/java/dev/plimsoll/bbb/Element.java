// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An XML element as BigBlueButton's documents need it: its own text, its attributes, its children in order.
public record Element(
        String name, Map<String, String> attributes, String text, List<Element> children) {

    /// The first child of that name.
    public Optional<Element> child(String childName) {
        for (Element child : children) {
            if (child.name.equals(childName)) {
                return Optional.of(child);
            }
        }
        return Optional.empty();
    }

    /// The text of the first child of that name, stripped; empty text where there is none.
    public String textOf(String childName) {
        return child(childName).map(child -> child.text.strip()).orElse("");
    }

    /// The whole number in the first child of that name; 0 where there is none.
    public long numberOf(String childName) {
        // BBB: getMeetings writes counts in the server's locale, "1,234" or "1.234"
        long number = 0;
        for (char c : textOf(childName).toCharArray()) {
            if (c >= '0' && c <= '9' && number < 1_000_000_000_000_000L) {
                number = number * 10 + (c - '0');
            }
        }
        return number;
    }

    /// Whether the first child of that name says `true`.
    public boolean flagOf(String childName) {
        return textOf(childName).equalsIgnoreCase("true");
    }
}
