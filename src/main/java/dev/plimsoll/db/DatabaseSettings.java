// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import dev.plimsoll.config.Config;

import java.nio.file.Path;

/// Where the database is.
///
/// @param data the data directory: database, generated secrets; mode 0700
/// @param file the SQLite file
/// @param readers connections that only read
public record DatabaseSettings(Path data, Path file, int readers) {

    private static final String SQLITE = "sqlite:";

    public static DatabaseSettings read(Config config) {
        Path data =
                config.path(
                        "data",
                        "plimsoll-data",
                        "The directory for database and generated secrets.");
        String fallback = SQLITE + data.resolve("plimsoll.db");
        String url = config.text("database.url", fallback, "The database: sqlite:FILE.");
        if (!url.startsWith(SQLITE)) {
            // The value may hold a password, so it is not quoted.
            config.problem(
                    "database.url must begin with sqlite: (PostgreSQL is not supported yet)");
            url = fallback;
        }
        return new DatabaseSettings(
                data,
                Path.of(url.substring(SQLITE.length())),
                config.number(
                        "database.readers",
                        4,
                        1,
                        64,
                        "Connections to the database that only read."));
    }

    /// A database in that directory; for tests and the demo.
    public static DatabaseSettings in(Path data) {
        return new DatabaseSettings(data, data.resolve("plimsoll.db"), 4);
    }
}
