// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.db.Reach;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.placement.CapRule;
import dev.plimsoll.placement.LoadModel;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;

import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// `/metrics`: what Prometheus reads, the state of the pool among it.
public final class MetricsPage implements Handler {

    private final Metrics metrics;

    public MetricsPage(
            Metrics metrics,
            Supplier<Reach> reach,
            ServerPool pool,
            MeetingRegistry meetings,
            LoadModel model,
            CapRule caps,
            Clock clock) {
        this.metrics = metrics;
        reach(reach);
        gauge(
                "plimsoll_meetings",
                "Registered meetings.",
                callback -> callback.call(meetings.meetings().size()));
        perServer(
                pool,
                "plimsoll_server_online",
                "1 when the server answers as it should.",
                server -> server.health() instanceof Health.Online ? 1 : 0);
        perServer(
                pool,
                "plimsoll_server_takes_new_meetings",
                "1 when the server is enabled and online.",
                server -> server.takesNewMeetings() ? 1 : 0);
        perServer(
                pool,
                "plimsoll_server_load",
                "User-equivalents over weight, reservations included.",
                server -> model.load(server, clock.instant()));
        perServer(
                pool,
                "plimsoll_server_users",
                "People at the last poll.",
                server -> server.load().users());
        perServer(
                pool,
                "plimsoll_server_meetings",
                "Meetings at the last poll, breakout rooms included.",
                server -> server.load().meetings());
        perServer(
                pool,
                "plimsoll_server_registered_meetings",
                "Meetings that we have placed there and that are not lost.",
                server -> meetings.countsOn(server.id()));
        perServer(
                pool,
                "plimsoll_server_empty",
                "1 when we have no meeting there and the last poll saw none.",
                server ->
                        server.load().meetings() == 0 && meetings.countsOn(server.id()) == 0
                                ? 1
                                : 0);
        caps(pool, meetings, caps, clock);
        troubles(pool);
    }

    private void reach(Supplier<Reach> reach) {
        metrics.gauge(
                "plimsoll_database_reach",
                "1 for what is true of the database: following, behind, doubted, away, stale.",
                callback -> {
                    var now = reach.get();
                    for (Reach each : Reach.values()) {
                        callback.call(each == now ? 1 : 0, each.word());
                    }
                },
                "reach");
    }

    /// While the database is away and memory too old, there is nothing to tell.
    private void gauge(
            String name, String help, Consumer<GaugeWithCallback.Callback> read, String... labels) {
        metrics.gauge(
                name,
                help,
                callback -> {
                    try {
                        read.accept(callback);
                    } catch (DatabaseAway e) {
                        // The gauge of the reach says so.
                    }
                },
                labels);
    }

    private void caps(ServerPool pool, MeetingRegistry meetings, CapRule caps, Clock clock) {
        perServer(
                pool,
                "plimsoll_server_max_users",
                "People up to which the server takes new meetings; 0 means no limit.",
                server -> caps.caps(server).users());
        perServer(
                pool,
                "plimsoll_server_max_meetings",
                "Meetings up to which the server takes new ones; 0 means no limit.",
                server -> caps.caps(server).meetings());
        perServer(
                pool,
                "plimsoll_server_full",
                "1 when the server's caps leave no room for a usual meeting.",
                server ->
                        caps.full(server, meetings.countsOn(server.id()), clock.instant())
                                        .isPresent()
                                ? 1
                                : 0);
    }

    private void troubles(ServerPool pool) {
        gauge(
                "plimsoll_server_trouble",
                "1 for each server that is not online, with what kind of failure keeps it from it.",
                callback ->
                        pool.servers().stream()
                                .filter(server -> server.health().trouble() != Trouble.NONE)
                                .forEach(server ->
                                        callback.call(
                                                1,
                                                server.id().value(),
                                                server.health().trouble().word())),
                "server",
                "trouble");
    }

    private void perServer(
            ServerPool pool, String name, String help, ToDoubleFunction<Server> value) {
        gauge(
                name,
                help,
                callback ->
                        pool.servers()
                                .forEach(server ->
                                        callback.call(
                                                value.applyAsDouble(server), server.id().value())),
                "server");
    }

    @Override
    public String path() {
        return "/metrics";
    }

    @Override
    public Response handle(Request request) {
        return Response.of(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Response.of(status, "text/plain;charset=utf-8", message + "\n");
    }
}
