// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.config.Secret;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.HttpServer;
import dev.plimsoll.http.HttpSettings;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;
import dev.plimsoll.telemetry.RequestId;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A simulated BigBlueButton 3.0 server, speaking real HTTP.
///
/// ```java
/// try (var server = SimulatedServer.start(SimulatorSettings.standard(secret), clock, random)) {
///     server.api();                                          // http://127.0.0.1:…/bigbluebutton/api/
///     server.control().connect("room-1", People.viewers(5));
///     server.faults().add(FaultRule.parse("create=drop*2"));
/// }
/// ```
///
/// Cheap enough for hundreds in one process. Thread-safe.
public final class SimulatedServer implements AutoCloseable {

    private final SimulatorSettings settings;
    private final InstantSource clock;
    private final Address address;
    private final Meetings meetings;
    private final Recordings recordings = new Recordings();
    private final Webhooks webhooks;
    private final RecordingFeed feed;
    private final EndCallbacks callbacks;
    private final Faults faults = new Faults();
    private final Control control;
    private final List<Handler> handlers;
    private Optional<HttpServer> http = Optional.empty();

    private SimulatedServer(
            SimulatorSettings settings, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        var chance = new Chance(random);
        address = new Address(settings.publicUrl());
        callbacks = new EndCallbacks(clock);
        meetings = new Meetings(clock, settings.endDelay().toMillis());
        webhooks = new Webhooks(settings.webhooks(), clock, address, settings.secret(), chance);
        feed = new RecordingFeed(meetings, webhooks);
        var late = new LateCallbacks(meetings, settings.recordings(), settings.secret());
        var recorder =
                new Recorder(
                        meetings,
                        settings.recordings(),
                        recording -> {
                            recordings.put(recording);
                            feed.made(recording);
                            late.recordingReady(recording);
                        });
        List.of(callbacks, new EventFeed(meetings, webhooks), late, recorder)
                .forEach(meetings::watch);
        control = new Control(meetings, recordings, webhooks, chance, callbacks, late);
        handlers = handlers(chance);
    }

    private List<Handler> handlers(Chance chance) {
        var files = new TextTrackFiles(meetings, chance, address);
        var calls = new ArrayList<>(meetingCalls(chance));
        calls.addAll(recordingCalls(files));
        calls.addAll(
                List.of(
                        new JoinUrlCall(meetings, address, settings.secret()),
                        new SessionCalls.LearningDashboard(meetings),
                        new SessionCalls.Feedback(meetings),
                        new SessionCalls.Stuns(meetings, address),
                        new SessionCalls.SignOut(meetings)));
        var api = new Api(settings, meetings, new RootDocument(settings, address), calls);
        var hooks = new HookCalls(settings, webhooks);
        var client = new ClientPage(settings.name(), meetings);
        return List.of(
                new FaultyHandler(api, api::countedName, faults, control, chance),
                new FaultyHandler(hooks, hooks::countedName, faults, control, chance),
                new FaultyHandler(client, _ -> "client", faults, control, chance),
                files,
                new ControlHandler(this, new RecordingControl(control, clock)),
                new Nothing());
    }

    private List<ApiCall> meetingCalls(Chance chance) {
        var xml = new MeetingXml(meetings);
        return List.of(
                new CreateCall(meetings, chance),
                new JoinCall(meetings, chance, address),
                new StateCalls.IsMeetingRunning(meetings),
                new StateCalls.GetMeetingInfo(meetings, xml),
                new StateCalls.GetMeetings(meetings, xml),
                new StateCalls.GetSessions(meetings),
                new MeetingCalls.End(meetings),
                new MeetingCalls.InsertDocument(meetings),
                new MeetingCalls.SendChatMessage(meetings));
    }

    private List<ApiCall> recordingCalls(TextTrackFiles files) {
        return List.of(
                new RecordingCalls.GetRecordings(
                        recordings,
                        new RecordingXml(address),
                        Paging.of(settings.version()),
                        settings.recordings()),
                new RecordingCalls.PublishRecordings(recordings, feed),
                new RecordingCalls.DeleteRecordings(recordings, feed),
                new RecordingCalls.UpdateRecordings(recordings),
                new TextTrackCalls.GetTracks(recordings, files),
                new TextTrackCalls.PutTrack(
                        recordings, meetings, settings.recordings().processing()));
    }

    /// Begins to listen.
    ///
    /// @param clock drives everything that happens by itself; tests move it by hand and then call [#tick]
    /// @param random makes ids, tokens and voice bridges
    /// @throws UncheckedIOException when the port is taken
    public static SimulatedServer start(
            SimulatorSettings settings, InstantSource clock, RandomGenerator random) {
        var server = new SimulatedServer(settings, clock, random);
        server.listen(settings.port());
        Ticker.add(server);
        return server;
    }

    private synchronized void listen(int port) {
        var httpSettings =
                new HttpSettings(
                        settings.listen(),
                        port,
                        Optional.empty(),
                        List.of(),
                        65_536,
                        65_536,
                        20_000,
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMillis(100));
        var started = HttpServer.start(httpSettings, new RequestId(0), handlers);
        address.listensOn(started.port());
        http = Optional.of(started);
    }

    /// What this server was started with.
    public SimulatorSettings settings() {
        return settings;
    }

    /// The port it listens on.
    public int port() {
        return address.port();
    }

    /// The address of its API as this machine reaches it, with a final slash.
    public URI api() {
        return URI.create("http://127.0.0.1:" + port() + "/bigbluebutton/api/");
    }

    /// What calls must be signed with.
    public Secret secret() {
        return settings.secret();
    }

    /// How it misbehaves.
    public Faults faults() {
        return faults;
    }

    /// What tests and operators may do behind its API.
    public Control control() {
        return control;
    }

    /// Lets everything happen that is due by the clock. With a real clock this happens by itself.
    public void tick() {
        meetings.exclusively(meetings::now);
        callbacks.tick();
        webhooks.tick();
    }

    void tickIfDue() {
        if (clock.millis() >= meetings.due()) {
            meetings.exclusively(meetings::now);
        }
        callbacks.tick();
        webhooks.tick();
    }

    /// Stops to listen: connections are refused. Meetings stay, time goes on. Does nothing when down.
    public synchronized void goDown() {
        http.ifPresent(HttpServer::close);
        http = Optional.empty();
    }

    /// Listens again on the same port. Does nothing when up.
    public synchronized void comeUp() {
        if (http.isEmpty()) {
            listen(port());
        }
    }

    @Override
    public void close() {
        Ticker.remove(this);
        faults.finish();
        webhooks.lose();
        goDown();
    }

    /// Answers what is no part of the server.
    private static final class Nothing implements Handler {

        @Override
        public String path() {
            return "/";
        }

        @Override
        public Response handle(Request request) {
            return Answers.page(404);
        }

        @Override
        public Response refused(int status, String key, String message) {
            return Answers.page(status);
        }
    }
}
