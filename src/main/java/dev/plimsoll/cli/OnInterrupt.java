// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

/// What is done when the process is asked to stop, by Ctrl-C or else, while a command is at something.
final class OnInterrupt implements AutoCloseable {

    private final Thread hook;

    OnInterrupt(Runnable work) {
        hook = new Thread(work, "on-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Tells a person how things stand.
    static OnInterrupt say(String words) {
        return new OnInterrupt(() -> System.err.println(System.lineSeparator() + words));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at it just now.
        }
    }
}
