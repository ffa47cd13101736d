// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll;

import dev.plimsoll.admin.AdminApi;
import dev.plimsoll.admin.EventAdmin;
import dev.plimsoll.admin.HealthPages;
import dev.plimsoll.admin.MeetingAdmin;
import dev.plimsoll.admin.MetricsPage;
import dev.plimsoll.admin.ServerAdmin;
import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.callback.Webhooks;
import dev.plimsoll.config.Secret;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.Duties;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.gateway.Calls;
import dev.plimsoll.gateway.Gateway;
import dev.plimsoll.gateway.HookReceiver;
import dev.plimsoll.http.HttpServer;
import dev.plimsoll.meeting.Departure;
import dev.plimsoll.meeting.LostMeetings;
import dev.plimsoll.meeting.MeetingCreation;
import dev.plimsoll.meeting.MeetingMoves;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.meeting.OldMeetings;
import dev.plimsoll.meeting.Placing;
import dev.plimsoll.meeting.Reconciler;
import dev.plimsoll.meeting.WayBack;
import dev.plimsoll.pages.RootPage;
import dev.plimsoll.placement.CapRule;
import dev.plimsoll.placement.LoadModel;
import dev.plimsoll.pool.Poller;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.recording.RecordingPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.telemetry.RequestId;
import dev.plimsoll.tenant.Seal;
import dev.plimsoll.tenant.Tenant;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// The balancer: its object graph, in the order in which it is built. Start reading here.
///
/// The test kit and the demo start the same; there is no second wiring.
public final class Serve implements AutoCloseable {

    private final Closer open;
    private final HttpServer http;
    private final Calls calls;
    private final ServerAdmin servers;
    private final Tenant tenant;
    private final Secret adminToken;

    private Serve(
            Closer open,
            HttpServer http,
            Calls calls,
            ServerAdmin servers,
            Tenant tenant,
            Secret adminToken) {
        this.open = open;
        this.calls = calls;
        this.http = http;
        this.servers = servers;
        this.tenant = tenant;
        this.adminToken = adminToken;
    }

    /// Builds and starts everything. When a part fails to start, those before it are closed again.
    public static Serve start(Settings settings, Clock clock, RandomGenerator random) {
        var open = new Closer();
        try {
            return start(settings, clock, random, open);
        } catch (RuntimeException e) {
            open.close();
            throw e;
        }
    }

    private static Serve start(
            Settings settings, Clock clock, RandomGenerator random, Closer open) {
        // SQLite's library is unpacked beside the database: in the usual place each stop would
        // leave one more.
        System.setProperty(
                "org.sqlite.tmpdir", settings.database().data().toAbsolutePath().toString());
        var metrics = new Metrics();
        var db = open.add(Database.open(settings.database()));
        var data = new DataDirectory(settings.database().data());
        var instance = data.secret(DataDirectory.INSTANCE, random).reveal().substring(0, 12);
        var duties = open.add(Duties.start(db, instance));
        var adminToken = data.secret(DataDirectory.ADMIN_TOKEN, random);
        var tenants = new TenantDirectory(standardTenant(settings, data, random));
        var bbb = open.add(new BbbClient(settings.bbb(), metrics));

        var events = new EventLog(db, clock, metrics);
        var pool = new ServerPool(db, clock, settings.poll().health(), events);
        var meetings =
                new MeetingRegistry(
                        db,
                        clock,
                        new Placing(pool, settings.placement(), random),
                        tenants,
                        duties);
        var lost = new LostMeetings(meetings, events);
        pool.listen(lost);
        var wayBack =
                new WayBack(
                        settings.meeting(),
                        settings.http().publicUrl(),
                        new Seal(tenants, random),
                        clock);
        var creation =
                new MeetingCreation(meetings, pool, bbb, wayBack, settings.meeting(), metrics);
        var moves = new MeetingMoves(meetings, creation, pool, bbb, settings.meeting(), events);
        var model = new LoadModel(settings.placement());
        var caps = new CapRule(model, settings.placement());
        var departure = new Departure(pool, meetings, events, bbb);
        var webhooks =
                new Webhooks(
                        settings.hooks(),
                        settings.http().publicUrl(),
                        db,
                        duties,
                        clock,
                        random,
                        pool,
                        meetings,
                        bbb,
                        tenants,
                        metrics);
        pool.start();
        meetings.start();
        webhooks.load();

        var poller =
                open.add(
                        Poller.start(
                                settings.poll(),
                                pool,
                                bbb,
                                random,
                                metrics,
                                new Reconciler(
                                        meetings,
                                        departure,
                                        lost,
                                        new OldMeetings(
                                                meetings, bbb, events, settings.meeting(), clock),
                                        pool,
                                        bbb,
                                        clock),
                                duties));
        var servers =
                new ServerAdmin(
                        pool,
                        meetings,
                        departure,
                        poller,
                        model,
                        caps,
                        clock,
                        Version.current().number());
        var recordings = new RecordingPool(pool, bbb, db, settings.recording(), metrics);
        var calls =
                new Calls(
                        meetings,
                        creation,
                        moves,
                        wayBack,
                        pool,
                        recordings,
                        webhooks,
                        bbb,
                        settings.gateway(),
                        metrics);
        var stopping = new AtomicBoolean();
        open.add(() -> data.delete(DataDirectory.URL));
        var http =
                open.add(
                        HttpServer.start(
                                settings.http(),
                                new RequestId(random.nextLong()),
                                List.of(
                                        new Gateway(tenants, calls, settings.gateway(), metrics),
                                        new HookReceiver(webhooks.inbox()),
                                        new AdminApi(
                                                adminToken,
                                                servers,
                                                new MeetingAdmin(meetings, moves, pool, bbb),
                                                new EventAdmin(events)),
                                        new HealthPages(() ->
                                                stopping.get()
                                                        ? Optional.of("it is stopping")
                                                        : db.trouble()),
                                        new MetricsPage(
                                                metrics, db::reach, pool, meetings, model, caps,
                                                clock),
                                        new RootPage())));
        open.add(webhooks.start(http.port()));
        open.add(events);
        open.add(() -> stopping.set(true));
        data.write(DataDirectory.URL, "http://127.0.0.1:" + http.port());
        return new Serve(open, http, calls, servers, tenants.standard(), adminToken);
    }

    /// The port in use.
    public int port() {
        return http.port();
    }

    /// The table of calls.
    Calls calls() {
        return calls;
    }

    /// What operators do with servers; the demo and tests add theirs by it.
    public ServerAdmin servers() {
        return servers;
    }

    /// The default tenant.
    public Tenant tenant() {
        return tenant;
    }

    /// The token of the admin API.
    public Secret adminToken() {
        return adminToken;
    }

    /// Stops: no new requests, running ones finish, then everything else, the database last.
    @Override
    public void close() {
        open.close();
    }

    private static Tenant standardTenant(
            Settings settings, DataDirectory data, RandomGenerator random) {
        var secrets = settings.tenant().secrets();
        return new Tenant(
                TenantId.DEFAULT,
                secrets.isEmpty() ? List.of(data.secret(DataDirectory.SECRET, random)) : secrets,
                settings.tenant().algorithms(),
                settings.tenant().failsOver(),
                settings.tenant().maxAge());
    }
}
