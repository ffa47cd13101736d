// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.config.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The files in the data directory besides the database: generated secrets, and where the instance listens. Each is
/// readable by its owner only.
///
/// @param path mode 0700, made if missing
record DataDirectory(Path path) {

    static final String SECRET = "secret";
    static final String ADMIN_TOKEN = "admin-token";
    static final String URL = "url";

    /// What tells this instance from others on the same database.
    static final String INSTANCE = "instance";

    /// What a backup takes along; not who the instance is, which another one must not be.
    static final List<String> GENERATED = List.of(SECRET, ADMIN_TOKEN);

    /// SQLite's library is unpacked beside the database: in the usual place each stop would leave one more.
    void unpackHere() {
        if (Files.isDirectory(path)) {
            System.setProperty("org.sqlite.tmpdir", path.toAbsolutePath().toString());
        }
    }

    /// The secret in that file, generated at first use.
    Secret secret(String name, RandomGenerator random) {
        return read(name)
                .map(Secret::new)
                .orElseGet(() -> {
                    byte[] bytes = new byte[32];
                    random.nextBytes(bytes);
                    String made = HexFormat.of().formatHex(bytes);
                    write(name, made);
                    return new Secret(made);
                });
    }

    Optional<String> read(String name) {
        Path file = path.resolve(name);
        try {
            return Optional.of(Files.readString(file).strip()).filter(s -> !s.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    /// Writes the file whole or not at all: a half-written secret would be a new one.
    void write(String name, String text) {
        var owner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Path fresh = Files.createTempFile(path, name, ".new", owner);
            Files.writeString(fresh, text + "\n");
            Files.move(
                    fresh,
                    path.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed("write", path.resolve(name), e);
        }
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw failed("delete", path.resolve(name), e);
        }
    }

    /// The system's own message is often the file's name alone.
    private static UncheckedIOException failed(String what, Path file, IOException e) {
        String why =
                e instanceof AccessDeniedException
                        ? "permission denied; run this as the user of the service"
                        : e.getMessage();
        return new UncheckedIOException(
                new IOException("cannot %s %s: %s".formatted(what, file, why), e));
    }
}
