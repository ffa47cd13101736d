// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.recording;

import dev.plimsoll.db.Session;
import dev.plimsoll.db.Tx;
import dev.plimsoll.pool.ServerId;

import java.util.Collection;
import java.util.Optional;

/// The SQL of `recording_hints`.
final class RecordingStore {

    Optional<ServerId> server(Session session, String recordId) {
        return session.handle()
                .createQuery("SELECT server_id FROM recording_hints WHERE record_id = :id")
                .bind("id", recordId)
                .mapTo(String.class)
                .findOne()
                .map(ServerId::new);
    }

    void remember(Tx tx, ServerId server, Collection<String> recordIds) {
        var batch =
                tx.handle()
                        .prepareBatch(
                                """
                                INSERT INTO recording_hints (record_id, server_id) VALUES (:id, :server)
                                ON CONFLICT (record_id) DO UPDATE SET server_id = excluded.server_id
                                """);
        recordIds.forEach(id -> batch.bind("id", id).bind("server", server.value()).add());
        batch.execute();
    }
}
