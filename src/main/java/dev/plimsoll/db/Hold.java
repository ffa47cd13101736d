// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One database per data directory: two would each believe to be alone with it.
record Hold(Path directory, FileLock lock) {

    /// What this process holds. Not left to the lock: to close a second channel to its file would give the
    /// first one's lock away (POSIX).
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    static Hold take(Path data) {
        try {
            Files.createDirectories(
                    data,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Path directory = data.toRealPath();
            if (!HELD.add(directory)) {
                throw taken(data);
            }
            FileLock lock = null;
            try {
                lock = lock(directory);
            } finally {
                if (lock == null) {
                    HELD.remove(directory);
                }
            }
            if (lock == null) {
                throw taken(data);
            }
            return new Hold(directory, lock);
        } catch (IOException e) {
            throw new DatabaseException(
                    "cannot use the data directory %s: it must be one that we may write to"
                            .formatted(data.toAbsolutePath()),
                    e);
        }
    }

    private static @Nullable FileLock lock(Path directory) throws IOException {
        FileLock lock = null;
        var channel =
                FileChannel.open(
                        directory.resolve("plimsoll.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            lock = channel.tryLock();
            return lock;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static DatabaseException taken(Path data) {
        return new DatabaseException(
                "another Plimsoll runs with the data directory "
                        + data.toAbsolutePath()
                        + "; stop it, or choose another directory with PLIMSOLL_DATA");
    }

    void release() {
        try {
            lock.acquiredBy().close(); // releases it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(directory);
        }
    }
}
