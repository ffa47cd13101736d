// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import java.util.concurrent.CountDownLatch;

/// Stops the process in order when it is asked to: Ctrl-C, or SIGTERM from the service manager.
final class Shutdown {

    private static volatile int code; // 0 unless we end by ourselves

    private Shutdown() {}

    /// Ends the process, with this exit code.
    static void exit(int exitCode) {
        code = exitCode;
        System.exit(exitCode);
    }

    /// Closes the part when the process is asked to stop, and ends with exit code 0: a stop on request is no failure.
    static void closes(AutoCloseable part) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        part.close();
                                    } catch (Exception e) {
                                        System.err.println(
                                                "plimsoll: could not stop in order: " + e);
                                        code = 1;
                                    }
                                    Runtime.getRuntime().halt(code);
                                },
                                "shutdown"));
    }

    /// Waits until the process ends.
    static int await() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }
}
