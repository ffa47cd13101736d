// SPDX-License-Identifier: Apache-2.0
/// The database: transactions, migrations, the change feed, who does which work, backups; SQLite, or PostgreSQL for
/// several instances. Knows no table of a feature. Start reading at [Database].
@NullMarked
package dev.plimsoll.db;

import org.jspecify.annotations.NullMarked;
