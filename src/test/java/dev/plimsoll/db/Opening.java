// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

import java.nio.file.Path;

/// A process that tries to open a data directory, and says what came of it.
final class Opening {

    private Opening() {}

    public static void main(String[] args) {
        try (var database = Database.open(DatabaseSettings.in(Path.of(args[0])))) {
            System.out.println("opened " + database.read(_ -> "it"));
        } catch (DatabaseException e) {
            System.out.println(e.getMessage());
        }
    }
}
