// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What is wrong with the parameters of a call, by message key; of several, one is told.
final class Violations {

    /// An error as the caller sees it.
    record Violation(String key, String message) {}

    // BBB: a HashMap by key, of which the first entry is told; its order is part of the behaviour
    private final HashMap<String, String> byKey = new HashMap<>();

    void add(String key, String message) {
        byKey.put(key, message);
    }

    Optional<Violation> first() {
        return byKey.entrySet().stream()
                .findFirst()
                .map(e -> new Violation(e.getKey(), e.getValue()));
    }

    void meetingId(Incoming in) {
        in.clean("meetingID")
                .ifPresent(id -> {
                    if (id.length() < 2 || id.length() > 256) {
                        add("sizeError", "Meeting ID must be between 2 and 256 characters");
                    }
                    if (id.contains(",")) {
                        add("validationError", "Meeting ID cannot contain ','");
                    }
                });
    }

    void existingMeeting(Incoming in, Meetings meetings) {
        meetingId(in);
        if (in.clean("meetingID").flatMap(meetings::find).isEmpty()) {
            add("notFound", "A meeting with that ID does not exist");
        }
    }

    void password(Incoming in, String name) {
        in.clean(name)
                .filter(password ->
                        !password.isEmpty() && (password.length() < 2 || password.length() > 64))
                .ifPresent(_ -> add("invalidPassword", "Invalid password"));
    }

    void bool(Incoming in, String name, String what) {
        check(
                in,
                name,
                Set.of("true", "false", "0", "1")::contains,
                what + " must be a boolean value (true or false)");
    }

    void integer(Incoming in, String name, String message) {
        check(in, name, value -> value.matches("-?\\d{1,18}"), message);
    }

    private void check(Incoming in, String name, Predicate<String> sound, String message) {
        in.clean(name)
                .filter(value -> !value.isEmpty() && !sound.test(value.toLowerCase(Locale.ROOT)))
                .ifPresent(_ -> add("validationError", message));
    }
}
