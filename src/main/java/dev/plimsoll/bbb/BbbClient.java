// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Histogram;

import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.impl.io.NoResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Function;

import javax.net.ssl.SSLException;

/// Calls BigBlueButton servers over pooled connections.
///
/// Every call has a hard deadline up to the last byte: a server that sends a byte a second is cut off like one
/// that sends nothing. Only safe reads are sent again, once, and only when a kept connection turned out dead.
/// Thread-safe; callers block.
public final class BbbClient implements AutoCloseable {

    /// Headers without end would fill our memory, and no body limit sees them. Each connection has three buffers, of
    /// 32 kB else, which is 300 MB for the connections to a thousand servers; bodies pass them by.
    private static final Http1Config HEADERS =
            Http1Config.custom()
                    .setBufferSize(1_024)
                    .setMaxHeaderCount(200)
                    .setMaxLineLength(65_536)
                    .build();

    /// At the same time, to one server: the poller's, and those of operators who do not want to wait.
    private static final int LOOKS = 8;

    /// Lists that are read at the same time: each takes some ten times its size while it is taken apart.
    private static final int LISTS = 16;

    /// The same for polls, which all come at once when we start.
    static final int POLLS = 8;

    /// A server may answer before it has read all that is posted. Looked for between pieces of this size, since looking
    /// costs a millisecond with TLS.
    private static final ResponseOutOfOrderStrategy EARLY =
            new MonitoringResponseOutOfOrderStrategy(32_768);

    private static final ResponseOutOfOrderStrategy LATE = NoResponseOutOfOrderStrategy.INSTANCE;

    private final BbbSettings settings;
    private final CloseableHttpClient reads;

    /// For what is sent once: it looks at each kept connection first, since one that the server has just closed would
    /// make a create fail there and move on.
    private final CloseableHttpClient acts;

    /// For looking after the server: callers who fill all other connections must not keep us from seeing that it
    /// does not answer them any more.
    private final CloseableHttpClient looks;

    /// For what takes as long as its sender likes, so that it leaves the connections of all else alone.
    private final CloseableHttpClient uploads;

    private final Metrics metrics;
    private final Turns lists = new Turns(LISTS);
    private final Turns polls = new Turns(POLLS);
    private final ScheduledThreadPoolExecutor deadlines;
    private final Histogram durations;

    public BbbClient(BbbSettings settings, Metrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.durations =
                metrics.durations(
                        "plimsoll_server_call_seconds",
                        "Calls to servers by call and outcome.",
                        "call",
                        "outcome");
        this.deadlines =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("bbb-deadlines").factory());
        deadlines.setRemoveOnCancelPolicy(true);
        var tls = DefaultClientTlsStrategy.createSystemDefault();
        int most = settings.maxConnections();
        this.reads = client(settings, most, tls, Timeout.ofSeconds(1), LATE);
        this.acts = client(settings, most, tls, Timeout.ZERO_MILLISECONDS, LATE);
        this.looks = client(settings, LOOKS, tls, Timeout.ofSeconds(1), LATE);
        this.uploads = client(settings, most, tls, Timeout.ZERO_MILLISECONDS, EARLY);
    }

    /// Reads the certificates that are trusted, which takes long; a client does it otherwise.
    public static void prepare() {
        var _ = DefaultClientTlsStrategy.createSystemDefault();
    }

    /// @param trusted how long a kept connection is believed to be alive without looking
    /// @param answers whether one is looked for before all is sent
    private static CloseableHttpClient client(
            BbbSettings settings,
            int most,
            TlsSocketStrategy tls,
            Timeout trusted,
            ResponseOutOfOrderStrategy answers) {
        var connections =
                Connections.builder(HEADERS, answers)
                        .setMaxConnPerRoute(most)
                        .setMaxConnTotal(Integer.MAX_VALUE)
                        .setTlsSocketStrategy(tls)
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(timeout(settings.connect()))
                                        .setValidateAfterInactivity(trusted)
                                        .setTimeToLive(Timeout.ofMinutes(5))
                                        .build())
                        .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setUserAgent("Plimsoll")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictIdleConnections(Timeout.ofSeconds(50))
                .build();
    }

    /// The settings in force.
    public BbbSettings settings() {
        return settings;
    }

    /// Calls the server and reads its answer.
    ///
    /// @param within for everything, from connecting to the last byte
    public ServerReply call(Endpoint endpoint, ServerCall call, Duration within) {
        long start = System.nanoTime();
        ServerReply reply =
                switch (fetch(endpoint, call, within)) {
                    case Fetched.Answered answered -> read(answered, start);
                    case Fetched.Moved(String location) -> new ServerReply.Redirected(location);
                    case Fetched.Failed(Failure failure, Delivery delivery) ->
                            new ServerReply.Unreachable(failure, since(start), delivery);
                };
        measure(call, outcome(reply), start);
        return reply;
    }

    /// Asks the server for its meetings; reads them as a stream, since such an answer may be large.
    ///
    /// @param digest gives what is needed of the answer, which takes much more memory itself; waits for nobody
    public <T> T meetings(Endpoint endpoint, Duration within, Function<MeetingsReply, T> digest) {
        return meetings(reads, lists, endpoint, within, digest);
    }

    /// The same on a connection apart from all others, so that it says how the server is, not how busy we are.
    public <T> T poll(Endpoint endpoint, Duration within, Function<MeetingsReply, T> digest) {
        return meetings(looks, polls, endpoint, within, digest);
    }

    private <T> T meetings(
            CloseableHttpClient http,
            Turns turns,
            Endpoint endpoint,
            Duration within,
            Function<MeetingsReply, T> digest) {
        long start = System.nanoTime();
        var call = ServerCall.read("getMeetings", Params.NONE);
        var uri = URI.create(endpoint.signed(call.name(), call.query()));
        try (var turn = turns.queue()) {
            var fetched =
                    fetch(
                            http,
                            uri,
                            call,
                            within,
                            alarm -> {
                                alarm.rest(); // it is not the server that we wait for here
                                turn.toRead();
                                alarm.goOn();
                            });
            var reply =
                    list(
                            call,
                            fetched,
                            body -> {
                                turn.toTakeApart();
                                return MeetingsReply.read(body);
                            },
                            MeetingsReply.Unusable::new);
            measure(call, reply instanceof MeetingsReply.Meetings, start);
            return digest.apply(reply);
        }
    }

    /// Asks the server for recordings; reads them as a stream, since such an answer may be large.
    public RecordingsReply recordings(Endpoint endpoint, Params filters, Duration within) {
        long start = System.nanoTime();
        var call = ServerCall.read("getRecordings", filters);
        var fetched = fetch(endpoint, call, within);
        var reply = list(call, fetched, RecordingsReply::read, RecordingsReply.Unusable::new);
        measure(call, reply instanceof RecordingsReply.Recordings, start);
        return reply;
    }

    /// Reads an answer that is a list.
    private static <T> T list(
            ServerCall call,
            Fetched fetched,
            Function<byte[], T> read,
            Function<Failure, T> unusable) {
        return switch (fetched) {
            case Fetched.Answered(int status, _, _) when status != 200 ->
                    unusable.apply(Failure.status(status));
            case Fetched.Answered answered -> read.apply(answered.body);
            case Fetched.Moved _ ->
                    unusable.apply(
                            Failure.broken("answers %s with a redirect".formatted(call.name())));
            case Fetched.Failed(Failure failure, _) -> unusable.apply(failure);
        };
    }

    private void measure(ServerCall call, boolean usable, long start) {
        measure(call, usable ? "success" : "unreachable", start);
    }

    /// Calls the server and passes on what it answers, unread; for calls that answer JSON.
    public RawReply raw(Endpoint endpoint, ServerCall call, Duration within) {
        long start = System.nanoTime();
        return raw(call, fetch(endpoint, call, within), start);
    }

    /// The same for a call that is not signed, since a session token stands in for the checksum.
    public RawReply unsigned(Endpoint endpoint, ServerCall call, Duration within) {
        long start = System.nanoTime();
        var uri = URI.create(endpoint.unsigned(call.name(), call.query()));
        return raw(call, fetch(client(call), uri, call, within), start);
    }

    private RawReply raw(ServerCall call, Fetched fetched, long start) {
        RawReply reply =
                switch (fetched) {
                    case Fetched.Answered(int status, byte[] body, String contentType) ->
                            new RawReply.Answered(status, contentType, body);
                    case Fetched.Moved moved ->
                            new RawReply.Failed(
                                    Failure.broken("answers with a redirect"), Delivery.UNKNOWN);
                    case Fetched.Failed(Failure failure, Delivery delivery) ->
                            new RawReply.Failed(failure, delivery);
                };
        measure(call, reply instanceof RawReply.Answered ? "success" : "unreachable", start);
        return reply;
    }

    /// Passes an upload on to the server while it arrives; once, whatever comes. An answer before its end ends it.
    ///
    /// @param within for connecting, then for each megabyte that the server takes, and for answering; the time that the
    ///     sender takes does not count
    /// @return empty when as many uploads are under way to the server as there may be
    public Optional<RawReply> upload(
            Endpoint endpoint, ServerCall call, Upload upload, Duration within) {
        var request = new HttpUriRequestBase("POST", uri(endpoint, call));
        var alarm = new Alarm(deadlines, within, request::cancel);
        request.setEntity(new UploadEntity(upload, alarm, request::cancel));
        var context = HttpClientContext.create();
        long start = System.nanoTime();
        Fetched fetched;
        try {
            fetched = exchange(uploads, request, alarm, within, _ -> {}, context);
        } catch (ConnectionRequestTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            fetched = failed(e, context);
        }
        return Optional.of(raw(call, fetched, start));
    }

    /// Asks the root address for BigBlueButton's version; empty text when the server hides it or does not answer.
    public String version(Endpoint endpoint, Duration within) {
        if (root(endpoint, within) instanceof Fetched.Answered(int status, byte[] body, _)
                && status == 200) {
            try {
                var version = XmlReading.parse(body, XmlLimits.BODY).textOf("bbbVersion");
                return version.length() > 40 ? "" : version;
            } catch (MalformedXml e) {
                return "";
            }
        }
        return "";
    }

    /// Knocks at the root address, which costs the server next to nothing: why there is no sign of life, or empty
    /// when there is. What it answers does not matter, as long as it is no fault of the server.
    public Optional<Failure> knock(Endpoint endpoint, Duration within) {
        return switch (root(endpoint, within)) {
            case Fetched.Answered(int status, _, _) when status >= 500 ->
                    Optional.of(Failure.status(status));
            case Fetched.Answered _, Fetched.Moved _ -> Optional.empty();
            case Fetched.Failed(Failure failure, _) -> Optional.of(failure);
        };
    }

    private Fetched root(Endpoint endpoint, Duration within) {
        var uri = URI.create(endpoint.api().toString().replaceAll("/$", ""));
        return fetch(looks, uri, ServerCall.read("", Params.NONE), within);
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        reads.close(CloseMode.IMMEDIATE);
        acts.close(CloseMode.IMMEDIATE);
        looks.close(CloseMode.IMMEDIATE);
        uploads.close(CloseMode.IMMEDIATE);
    }

    private sealed interface Fetched {
        record Answered(int status, byte[] body, String contentType) implements Fetched {}

        record Moved(String location) implements Fetched {}

        record Failed(Failure failure, Delivery delivery) implements Fetched {}
    }

    private Fetched fetch(Endpoint endpoint, ServerCall call, Duration within) {
        return fetch(client(call), uri(endpoint, call), call, within);
    }

    private CloseableHttpClient client(ServerCall call) {
        return call.repeat() == ServerCall.Repeat.SAFE ? reads : acts;
    }

    private static URI uri(Endpoint endpoint, ServerCall call) {
        return URI.create(endpoint.signed(call.name(), call.query()));
    }

    private Fetched fetch(CloseableHttpClient http, URI uri, ServerCall call, Duration within) {
        return fetch(http, uri, call, within, _ -> {});
    }

    /// @param answers done when the server begins to answer, before anything of its body is read
    private Fetched fetch(
            CloseableHttpClient http,
            URI uri,
            ServerCall call,
            Duration within,
            Consumer<Alarm> answers) {
        long deadline = System.nanoTime() + within.toNanos();
        var context = HttpClientContext.create();
        try {
            return exchange(http, uri, call, within, answers, context);
        } catch (IOException e) {
            boolean kept = e instanceof NoHttpResponseException || e instanceof SocketException;
            if (!kept
                    || e instanceof ConnectException
                    || call.repeat() != ServerCall.Repeat.SAFE
                    || left(deadline) <= 0) {
                return failed(e, context);
            }
        }
        var again = HttpClientContext.create();
        try {
            // the kept connection had been closed meanwhile
            return exchange(http, uri, call, Duration.ofNanos(left(deadline)), answers, again);
        } catch (IOException e) {
            return failed(e, again);
        }
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }

    private Fetched exchange(
            CloseableHttpClient http,
            URI uri,
            ServerCall call,
            Duration within,
            Consumer<Alarm> answers,
            HttpClientContext context)
            throws IOException {
        var request = new HttpUriRequestBase(call.body().isPresent() ? "POST" : "GET", uri);
        call.body()
                .ifPresent(body ->
                        request.setEntity(
                                new ByteArrayEntity(
                                        body.bytes(),
                                        ContentType.parseLenient(body.contentType()))));
        var alarm = new Alarm(deadlines, within, request::cancel);
        return exchange(http, request, alarm, within, answers, context);
    }

    private Fetched exchange(
            CloseableHttpClient http,
            HttpUriRequestBase request,
            Alarm alarm,
            Duration within,
            Consumer<Alarm> answers,
            HttpClientContext context)
            throws IOException {
        request.setConfig(
                RequestConfig.custom()
                        // Before the deadline, so that one can be told from the other.
                        .setConnectionRequestTimeout(timeout(within.multipliedBy(9).dividedBy(10)))
                        // The alarm rings in any case; a second timer for each read costs more than
                        // all else here.
                        .setResponseTimeout(Timeout.DISABLED)
                        .build());
        alarm.goOn();
        try {
            return http.execute(
                    request,
                    context,
                    response -> {
                        answers.accept(alarm);
                        return read(response, request);
                    });
        } catch (IOException | IllegalStateException e) {
            if (alarm.hasRung()) {
                throw new SocketTimeoutException("deadline");
            }
            throw e instanceof IOException io ? io : new IOException(e);
        } finally {
            alarm.rest();
        }
    }

    private Fetched read(ClassicHttpResponse response, HttpUriRequestBase request)
            throws IOException, HttpException {
        int status = response.getCode();
        if (status >= 300 && status < 400 && response.getFirstHeader("Location") != null) {
            return new Fetched.Moved(response.getFirstHeader("Location").getValue());
        }
        var entity = response.getEntity();
        if (entity == null) {
            return new Fetched.Answered(status, new byte[0], "");
        }
        try (var in = entity.getContent()) {
            byte[] body = in.readNBytes(settings.maxAnswer() + 1);
            if (body.length > settings.maxAnswer()) {
                metrics.limited("server-answer");
                request.cancel(); // else closing the stream would read all the rest
                throw new TooLarge();
            }
            return new Fetched.Answered(status, body, text(entity.getContentType()));
        }
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static Fetched failed(IOException e, HttpClientContext context) {
        // The details are there from the moment when the request is written to a connection.
        return context.getEndpointDetails() == null
                ? new Fetched.Failed(whyNotDelivered(e), Delivery.NOT_DELIVERED)
                : new Fetched.Failed(whyNotAnswered(e), Delivery.UNKNOWN);
    }

    private static Failure whyNotDelivered(IOException e) {
        return switch (e) {
            case ConnectionRequestTimeoutException _ ->
                    new Failure(
                            Trouble.OWN_LIMIT,
                            "has as many calls under way as bbb.max-connections allows");
            case NoRouteToHostException _ -> Failure.refused("cannot be routed to");
            case UnknownHostException _ -> Failure.refused("has a host name that does not resolve");
            case SSLException tls -> TlsTrouble.of(tls);
            case InterruptedIOException _ -> Failure.silent("does not accept connections in time");
            case ConnectException _ -> Failure.refused("refuses connections");
            default -> Failure.refused("closes the connection at once");
        };
    }

    private static Failure whyNotAnswered(IOException e) {
        return switch (e) {
            case InterruptedIOException _ -> Failure.late();
            case TooLarge _ -> Failure.broken("sends an answer larger than bbb.max-answer");
            default -> Failure.broken("closes the connection in the middle");
        };
    }

    /// Reads an answer as that of an ordinary call.
    public static ServerReply read(RawReply.Answered answered) {
        return read(
                new Fetched.Answered(answered.status(), answered.body(), answered.contentType()),
                System.nanoTime());
    }

    private static ServerReply read(Fetched.Answered answered, long start) {
        if (answered.status != 200) {
            return unusable(Failure.status(answered.status), start);
        }
        Document document;
        try {
            document = Document.read(answered.body, answered.contentType);
        } catch (MalformedXml e) {
            return unusable(Failure.notXml(), start);
        }
        return switch (document.root().textOf("returncode")) {
            case "SUCCESS" -> new ServerReply.Success(document);
            case "FAILED" -> refused(document, start);
            default -> unusable(Failure.broken("answers XML without a return code"), start);
        };
    }

    private static ServerReply refused(Document document, long start) {
        String key = document.root().textOf("messageKey");
        return key.equals("checksumError")
                ? unusable(Failure.secret(), start)
                : new ServerReply.Refused(key, document.root().textOf("message"), document);
    }

    private static ServerReply unusable(Failure failure, long start) {
        return new ServerReply.Unreachable(failure, since(start), Delivery.UNKNOWN);
    }

    private static String outcome(ServerReply reply) {
        return switch (reply) {
            case ServerReply.Success _, ServerReply.Redirected _ -> "success";
            case ServerReply.Refused _ -> "refused";
            case ServerReply.Unreachable _ -> "unreachable";
        };
    }

    private void measure(ServerCall call, String outcome, long start) {
        durations.labelValues(call.name(), outcome).observe((System.nanoTime() - start) / 1e9);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(Math.max(1, duration.toMillis()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
