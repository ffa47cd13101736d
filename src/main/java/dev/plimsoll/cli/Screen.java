// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Progress for people: on a terminal one last line that changes, elsewhere a line for each change. Thread-safe: each
/// line is written whole.
final class Screen {

    /// A longer line might wrap, and would then not be wiped away.
    private static final int WIDEST = 100;

    private static final String WIPE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, String> states = new LinkedHashMap<>();

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// On standard output.
    static Screen standard() {
        return new Screen(System.out, isTerminal());
    }

    static boolean isTerminal() {
        return terminal().isPresent();
    }

    /// The terminal that a person sits at, if so.
    static Optional<Console> terminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }

    /// What somebody is waiting for at the moment.
    synchronized void state(String who, String text) {
        if (text.equals(states.put(who, text))) {
            return;
        }
        if (terminal) {
            out.print(WIPE + states());
            out.flush();
        } else {
            out.println(who + ": " + text);
        }
    }

    /// Nothing is waited for any more.
    synchronized void clear(String who) {
        states.remove(who);
        if (terminal) {
            out.print(WIPE + states());
            out.flush();
        }
    }

    /// A line that stays.
    synchronized void line(String text) {
        if (terminal) {
            out.print(WIPE);
        }
        out.println(text);
        if (terminal) {
            out.print(states());
        }
        out.flush();
    }

    private String states() {
        String all =
                states.entrySet().stream()
                        .map(state -> state.getKey() + ": " + state.getValue())
                        .collect(Collectors.joining(" | "));
        return all.length() > WIDEST ? all.substring(0, WIDEST - 1) + "…" : all;
    }
}
