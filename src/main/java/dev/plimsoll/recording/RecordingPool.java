// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.recording;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Fanout;
import dev.plimsoll.bbb.Fanout.Answer;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.RawReply;
import dev.plimsoll.bbb.RecordingsReply;
import dev.plimsoll.bbb.RecordingsReply.Listed;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.db.Database;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The recordings of all servers, as if one server had them.
///
/// No server is left out but those that are disabled or offline: a cordoned one may hold most of the recordings.
/// A silent server's recordings are missing in the list, and the list says so. Thread-safe; callers block.
public final class RecordingPool {

    /// Hints that need not be written again; beyond, the set is begun anew.
    private static final int REMEMBERED = 200_000;

    private final ServerPool pool;
    private final BbbClient bbb;
    private final Database db;
    private final RecordingSettings settings;
    private final RecordingStore store = new RecordingStore();
    private final Set<String> written = ConcurrentHashMap.newKeySet();
    private final Counter silent;

    public RecordingPool(
            ServerPool pool,
            BbbClient bbb,
            Database db,
            RecordingSettings settings,
            Metrics metrics) {
        this.pool = pool;
        this.bbb = bbb;
        this.db = db;
        this.settings = settings;
        this.silent =
                metrics.counter(
                        "plimsoll_recordings_silent",
                        "Times that a server's recordings were missing because it did not answer.",
                        "server");
    }

    /// What all servers together hold.
    ///
    /// @param recordings each once, the newest first
    /// @param missing servers that did not answer
    public record Merged(List<Listed> recordings, List<ServerId> missing) {}

    /// All recordings that fit.
    ///
    /// @param filters of getRecordings, without paging: a page can be cut only from the whole
    public Merged list(Params filters) throws InterruptedException {
        var missing = new ArrayList<ServerId>();
        Map<String, Listed> merged = new LinkedHashMap<>();
        for (Server server : pool.servers()) {
            if (!isAsked(server) && server.admission() != Admission.DISABLED) {
                missing.add(server.id());
            }
        }
        for (var answer : ask(filters)) {
            switch (answer) {
                case Answer.Given<Server, RecordingsReply>(
                                Server server,
                                RecordingsReply.Recordings(var list)) -> {
                    list.forEach(recording -> merged.putIfAbsent(recording.recordId(), recording));
                    remember(server.id(), list);
                    pool.answered(server.id());
                }
                case Answer.Given<Server, RecordingsReply>(
                                Server server,
                                RecordingsReply.Unusable _) ->
                        missing.add(server.id());
                case Answer.Missing<Server, RecordingsReply>(Server server, _) ->
                        missing.add(server.id());
            }
        }
        missing.forEach(server -> silent.labelValues(server.value()).inc());
        var sorted =
                merged.values().stream()
                        .sorted(
                                Comparator.comparingLong(Listed::startTime)
                                        .reversed()
                                        .thenComparing(Listed::recordId))
                        .toList();
        return new Merged(sorted, missing);
    }

    private List<Answer<Server, RecordingsReply>> ask(Params filters) throws InterruptedException {
        return Fanout.ask(
                asked(),
                settings.timeout(),
                server -> bbb.recordings(server.endpoint(), filters, settings.timeout()));
    }

    /// Sends a call that changes recordings to the servers that hold them: those that the hints name, or all.
    ///
    /// @return what each server said, in no order
    public List<ServerReply> change(String call, Params params, List<String> recordIds)
            throws InterruptedException {
        var replies = new ArrayList<ServerReply>();
        for (var answer :
                Fanout.ask(
                        holders(recordIds),
                        settings.timeout(),
                        server ->
                                bbb.call(
                                        server.endpoint(),
                                        ServerCall.act(call, params, Optional.empty()),
                                        settings.timeout()))) {
            replies.add(
                    switch (answer) {
                        case Answer.Given<Server, ServerReply>(_, ServerReply reply) -> reply;
                        case Answer.Missing<Server, ServerReply>(_, String reason) ->
                                new ServerReply.Unreachable(
                                        Failure.silent(reason),
                                        settings.timeout(),
                                        ServerReply.Delivery.UNKNOWN);
                    });
        }
        return replies;
    }

    /// Sends a call about one recording's text tracks to the server that holds it.
    ///
    /// @return empty when no server that answers has the recording
    public Optional<RawReply> textTracks(ServerCall call, String recordId)
            throws InterruptedException {
        return holder(recordId).map(server -> bbb.raw(server.endpoint(), call, settings.timeout()));
    }

    private Optional<Server> holder(String recordId) throws InterruptedException {
        var known = hinted(recordId);
        if (known.isPresent()) {
            return known;
        }
        list(Params.of("recordID", recordId, "state", "any"));
        return hinted(recordId);
    }

    private Optional<Server> hinted(String recordId) {
        return db.read(session -> store.server(session, recordId))
                .flatMap(pool::find)
                .filter(RecordingPool::isAsked);
    }

    private List<Server> holders(List<String> recordIds) {
        Set<ServerId> named = new HashSet<>();
        for (String recordId : recordIds) {
            var server = hinted(recordId);
            if (server.isEmpty()) {
                return asked();
            }
            named.add(server.get().id());
        }
        return asked().stream().filter(server -> named.contains(server.id())).toList();
    }

    private List<Server> asked() {
        return pool.servers().stream().filter(RecordingPool::isAsked).toList();
    }

    private static boolean isAsked(Server server) {
        return server.admission() != Admission.DISABLED
                && !(server.health() instanceof Health.Offline);
    }

    private void remember(ServerId server, List<Listed> list) {
        var fresh =
                list.stream()
                        .map(Listed::recordId)
                        .filter(id -> !id.isEmpty() && !written.contains(server + " " + id))
                        .toList();
        if (fresh.isEmpty()) {
            return;
        }
        db.write(tx -> {
            store.remember(tx, server, fresh);
            return null;
        });
        if (written.size() > REMEMBERED) {
            written.clear();
        }
        fresh.forEach(id -> written.add(server + " " + id));
    }
}
