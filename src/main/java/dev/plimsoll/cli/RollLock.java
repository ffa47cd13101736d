// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a second roll from going on from the same state. However the process ends, the system gives the lock back.
record RollLock(FileChannel channel) implements AutoCloseable {

    /// @param state the lock is a file beside it, since the state itself is replaced at each step. It is left lying: to
    ///     delete it could take it from under another roll that has just locked it
    /// @throws IllegalArgumentException when another roll has it
    static RollLock take(Path state) {
        var whole = state.toAbsolutePath();
        try {
            var channel =
                    FileChannel.open(
                            whole.resolveSibling(whole.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return new RollLock(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    new IOException("cannot write the state of the roll to " + state, e));
        }
        throw new IllegalArgumentException(
                "another roll with %s is under way; wait until it ends, or name another file by --state"
                        .formatted(state));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
