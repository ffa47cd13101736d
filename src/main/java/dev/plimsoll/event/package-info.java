// SPDX-License-Identifier: Apache-2.0
/// What happened in the cluster, for operators: a bounded log in the database that others write in the transaction of
/// the change itself. Knows nothing of what the events are about. Start reading at [EventLog].
@NullMarked
package dev.plimsoll.event;

import org.jspecify.annotations.NullMarked;
