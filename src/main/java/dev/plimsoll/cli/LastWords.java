// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

/// Words for whoever interrupts a command: said when the process is asked to stop while it is at it.
final class LastWords implements AutoCloseable {

    private final Thread hook;

    LastWords(String words) {
        hook = new Thread(() -> System.err.println(System.lineSeparator() + words), "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is being said just now.
        }
    }
}
