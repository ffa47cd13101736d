// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/// How many rows are done, for who waits at a terminal; silent elsewhere. On standard error, since
/// standard output may be the backup.
final class Progress implements AutoCloseable {

    private static final int EVERY = 1000;
    private static final String WIPE = "\r\033[K";

    private final PrintStream out = System.err;
    private final boolean terminal;

    Progress() {
        this.terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    void rows(String table, long count) {
        if (terminal && count % EVERY == 0) {
            out.print(WIPE + table + ": " + count + " rows");
            out.flush();
        }
    }

    @Override
    public void close() {
        if (terminal) {
            out.print(WIPE);
            out.flush();
        }
    }
}
