// SPDX-License-Identifier: Apache-2.0
/// The database: transactions, migrations, the change feed; SQLite, or PostgreSQL that several instances share.
/// Knows no table of its own. Start reading at [Database].
@NullMarked
package dev.plimsoll.db;

import org.jspecify.annotations.NullMarked;
