// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Document;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.bbb.SingleFlight;
import dev.plimsoll.bbb.Trouble;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.meeting.MeetingRegistry.Confirmed;
import dev.plimsoll.placement.Placement;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Creates meetings: claims, asks the server, confirms; moves on to the next server when one fails.
///
/// No transaction is open while a server is asked. Thread-safe; callers block.
public final class MeetingCreation {

    private static final Logger LOG = LoggerFactory.getLogger(MeetingCreation.class);

    /// How much longer than a create a claim lives, so that only a dead holder's runs out.
    private static final Duration SLACK = Duration.ofSeconds(30);

    private static final Duration DYING_PAUSE = Duration.ofMillis(200);

    /// After so many pauses a run does not die by itself.
    private static final int LONG_DYING = 5;

    private record Question(Meeting.Key meeting, ServerId server, String query) {}

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final Twins twins;
    private final WayBack wayBack;
    private final MeetingSettings settings;
    private final SingleFlight<Question, ServerReply> repeats = new SingleFlight<>();
    private final Map<Meeting.Key, CompletableFuture<Void>> reopening = new ConcurrentHashMap<>();
    private final Counter attempts;
    private final Counter withoutServer;

    public MeetingCreation(
            MeetingRegistry meetings,
            ServerPool pool,
            BbbClient bbb,
            WayBack wayBack,
            MeetingSettings settings,
            Metrics metrics) {
        this.meetings = meetings;
        this.pool = pool;
        this.bbb = bbb;
        this.twins = new Twins(meetings, pool, bbb);
        this.wayBack = wayBack;
        this.settings = settings;
        this.attempts =
                metrics.counter(
                        "plimsoll_create_attempts",
                        "Creates sent to servers, by server and outcome.",
                        "server",
                        "outcome");
        this.withoutServer =
                metrics.counter(
                        "plimsoll_creates_without_server",
                        "Meetings that no server could take; the log says why.");
    }

    /// Opens the meeting on the server where it fits best, or asks the server where it runs.
    public CreateOutcome create(Meeting.Key key, Recipe recipe) throws InterruptedException {
        long deadline = System.nanoTime() + settings.budget().toNanos();
        var outcome = attempt(key, recipe, deadline);
        while (outcome.isEmpty() && !left(deadline).isZero()) {
            outcome = attempt(key, recipe, deadline);
        }
        return outcome.orElseGet(() ->
                new CreateOutcome.Failed("somebody else's create of this meeting takes too long"));
    }

    /// Opens a lost meeting elsewhere, together with all who want that; it goes on when a caller's patience ends. What
    /// comes of it, the registry shows.
    public void reopen(Meeting lost, Duration within) throws InterruptedException {
        var opened =
                reopening.computeIfAbsent(
                        lost.key(),
                        key -> {
                            var begun = new CompletableFuture<Void>();
                            Thread.ofVirtual()
                                    .name("reopen-" + lost.internalId())
                                    .start(() -> reopenFor(lost, begun));
                            return begun;
                        });
        try {
            opened.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The caller looks at the registry either way.
        }
    }

    private void reopenFor(Meeting lost, CompletableFuture<Void> all) {
        try {
            var outcome = reopen(lost);
            LOG.atInfo()
                    .addKeyValue("meeting", lost.internalId())
                    .addKeyValue("outcome", outcome.getClass().getSimpleName())
                    .log("a lost meeting was to be opened elsewhere");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("meeting", lost.internalId())
                    .setCause(e)
                    .log("a lost meeting could not be opened elsewhere");
        } finally {
            reopening.remove(lost.key());
            all.complete(null);
        }
    }

    /// Opens a lost meeting elsewhere, as it was created at first.
    private CreateOutcome reopen(Meeting lost) throws InterruptedException {
        var recipe = meetings.recipe(lost.key());
        return recipe.isPresent()
                ? create(lost.key(), recipe.get())
                : new CreateOutcome.Failed("the meeting has ended meanwhile");
    }

    /// Empty when somebody else came in between, so that one must look again.
    private Optional<CreateOutcome> attempt(Meeting.Key key, Recipe recipe, long deadline)
            throws InterruptedException {
        return switch (meetings.claim(key, recipe, settings.budget().plus(SLACK))) {
            case Claim.Won(Meeting mine, Recipe whole) -> open(mine, whole, deadline);
            case Claim.NoServer(var why) -> {
                report(why);
                yield Optional.of(new CreateOutcome.NoServer(why));
            }
            case Claim.Existing(Meeting theirs) when theirs.isConfirmed() ->
                    repeat(theirs, recipe, deadline);
            case Claim.Existing(Meeting lost) when lost.isLost() ->
                    Optional.of(new CreateOutcome.Failed("the meeting's server is out of reach"));
            case Claim.Existing(Meeting theirs) -> {
                // Somebody is creating it right now: wait for what comes of that instead of racing
                // it.
                meetings.awaitChange(theirs, left(deadline));
                yield Optional.empty();
            }
        };
    }

    /// What came of asking one server.
    private sealed interface Step {
        record Done(CreateOutcome outcome) implements Step {}

        /// It runs there already, but is only dying.
        record Dying(String internalId) implements Step {}

        /// Another has the meeting now.
        record Lost() implements Step {}

        record Next(Failure failure, Delivery delivery, boolean countsAgainst) implements Step {}
    }

    private Optional<CreateOutcome> open(Meeting first, Recipe recipe, long deadline)
            throws InterruptedException {
        Set<ServerId> tried = new HashSet<>();
        Meeting mine = first;
        int pauses = 0;
        while (true) {
            switch (askToOpen(mine, recipe, deadline)) {
                case Step.Done(CreateOutcome outcome) -> {
                    return Optional.of(outcome);
                }
                case Step.Lost() -> {
                    return Optional.empty();
                }
                case Step.Dying(String internalId) -> {
                    // BBB: for some tens of milliseconds after an end, a create finds the dying
                    // meeting
                    if (!pausedFor(mine, deadline)) {
                        return Optional.of(
                                new CreateOutcome.Failed(
                                        "the meeting before this one is still ending"));
                    }
                    pauses++;
                    if (pauses % LONG_DYING == 0) {
                        // It is to end, but nobody may have told its server yet.
                        pool.find(mine.server()).ifPresent(server -> twins.end(server, internalId));
                    }
                }
                case Step.Next next -> {
                    tried.add(mine.server());
                    switch (moveOn(mine, recipe, next, tried, deadline)) {
                        case Claim.Won(Meeting ours, _) -> mine = ours;
                        case Claim.Existing _ -> {
                            return Optional.empty();
                        }
                        case Claim.NoServer(var why) -> {
                            report(why);
                            return Optional.of(
                                    new CreateOutcome.Failed("no server could create the meeting"));
                        }
                    }
                }
            }
        }
    }

    private void report(Placement.NoServer none) {
        if (none.reasons().isEmpty() && !pool.servers().isEmpty()) {
            return; // there was no time left to look for one
        }
        withoutServer.inc();
        LOG.atWarn().addKeyValue("servers", none.reasons()).log("no server can take a new meeting");
    }

    private Step askToOpen(Meeting mine, Recipe recipe, long deadline) {
        var known = pool.find(mine.server());
        if (known.isEmpty()) {
            return new Step.Next(
                    Failure.broken("was taken out of the pool"), Delivery.NOT_DELIVERED, false);
        }
        Server server = known.get();
        var within = within(bbb.settings().create(), deadline);
        ServerReply reply;
        try {
            reply = send(server, mine, recipe, within);
        } catch (RuntimeException defect) {
            // Lest it blocks the meeting until it runs out.
            meetings.release(mine, Delivery.UNKNOWN);
            throw defect;
        }
        attempts.labelValues(server.id().value(), outcome(reply)).inc();
        return switch (reply) {
            case ServerReply.Success(Document document) -> {
                String internalId = document.root().textOf("internalMeetingID");
                if (internalId.isEmpty()) {
                    yield new Step.Next(
                            Failure.broken("says that it created a meeting, but not which"),
                            Delivery.UNKNOWN,
                            true);
                }
                yield opened(mine, recipe, document, internalId);
            }
            case ServerReply.Refused(_, _, Document document) -> {
                meetings.release(mine, Delivery.NOT_DELIVERED);
                yield new Step.Done(new CreateOutcome.Answered(document));
            }
            case ServerReply.Redirected _ ->
                    new Step.Next(
                            Failure.broken("answers a create with a redirect"),
                            Delivery.UNKNOWN,
                            true);
            case ServerReply.Unreachable(Failure failure, Duration waited, Delivery delivery) ->
                    new Step.Next(failure, delivery, isToBlame(failure, waited, within));
        };
    }

    private Step opened(Meeting mine, Recipe recipe, Document document, String internalId) {
        try {
            return switch (confirm(mine, recipe, document, internalId)) {
                case REGISTERED -> {
                    noteOpened(mine, internalId);
                    yield new Step.Done(new CreateOutcome.Answered(document));
                }
                case ELSEWHERE -> {
                    noteOpened(mine, internalId);
                    yield new Step.Lost();
                }
                case DYING -> new Step.Dying(internalId);
            };
        } catch (DatabaseAway e) {
            LOG.atWarn()
                    .addKeyValue("server", mine.server())
                    .addKeyValue("meeting", internalId)
                    .log(
                            "a meeting was opened, but cannot be noted; that is done when the database answers again");
            meetings.confirmLater(mine, recipe, internalId, createTime(document), answer(document));
            throw e;
        }
    }

    private void noteOpened(Meeting mine, String internalId) {
        meetings.placing().trials().succeeded(mine.server());
        LOG.atInfo()
                .addKeyValue("server", mine.server())
                .addKeyValue("meeting", internalId)
                .log("a meeting was opened");
    }

    private boolean isToBlame(Failure failure, Duration waited, Duration within) {
        return failure.trouble() != Trouble.OWN_LIMIT && !wasCutShort(waited, within);
    }

    private Confirmed confirm(Meeting mine, Recipe recipe, Document document, String internalId) {
        return meetings.confirm(mine, recipe, internalId, createTime(document), answer(document));
    }

    private static long createTime(Document document) {
        return document.root().numberOf("createTime");
    }

    private static String answer(Document document) {
        return new String(document.bytes(), StandardCharsets.UTF_8);
    }

    /// Lets a dying meeting die; false, and the claim given up, when there is no time for that.
    private boolean pausedFor(Meeting mine, long deadline) throws InterruptedException {
        if (left(deadline).isZero()) {
            meetings.release(mine, Delivery.NOT_DELIVERED);
            return false;
        }
        try {
            pause();
        } catch (InterruptedException e) {
            meetings.release(mine, Delivery.NOT_DELIVERED);
            throw e;
        }
        return true;
    }

    /// Lets a dying meeting die.
    static void pause() throws InterruptedException {
        LockSupport.parkNanos(DYING_PAUSE.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /// The same claim on the next server; no server is left also when no time is.
    private Claim moveOn(
            Meeting mine, Recipe recipe, Step.Next next, Set<ServerId> tried, long deadline) {
        LOG.atWarn()
                .addKeyValue("server", mine.server())
                .addKeyValue("reason", next.failure())
                .log("a server could not create a meeting; the next one is tried");
        if (next.countsAgainst()) {
            pool.failed(mine.server(), next.failure());
            meetings.placing().trials().failed(mine.server(), mine.claimedAt(), meetings.now());
        }
        if (left(deadline).isZero()) {
            meetings.release(mine, next.delivery());
            return new Claim.NoServer(new Placement.NoServer(Map.of()));
        }
        return meetings.moveOn(mine, recipe, next.delivery(), tried, settings.budget().plus(SLACK));
    }

    /// A wait that only our caller's budget ended says nothing about the server. Some waits of the client end a
    /// little early: what fails in the last tenth counts as late.
    private boolean wasCutShort(Duration waited, Duration within) {
        return within.compareTo(bbb.settings().create()) < 0
                && waited.multipliedBy(10).compareTo(within.multipliedBy(9)) >= 0;
    }

    /// Frontends create before every join. The server that runs the meeting says what a repeated create means;
    /// those who ask the same at the same time share one question.
    private Optional<CreateOutcome> repeat(Meeting meeting, Recipe recipe, long deadline)
            throws InterruptedException {
        var server = pool.find(meeting.server());
        if (server.isEmpty() || !server.get().takesJoins()) {
            return Optional.of(new CreateOutcome.Failed("the meeting's server is out of reach"));
        }
        var reply = ask(server.get(), meeting, recipe, deadline);
        return switch (reply) {
            case ServerReply.Success(Document document) -> {
                String internalId = document.root().textOf("internalMeetingID");
                // Another one than we know: the old one was gone, the server made a new one, and
                // the registry follows.
                boolean known = internalId.isEmpty() || internalId.equals(meeting.internalId());
                if (known || isRegistered(meeting, recipe, document, internalId)) {
                    yield Optional.of(new CreateOutcome.Answered(document));
                }
                pause();
                yield Optional.empty();
            }
            case ServerReply.Refused(_, _, Document document) ->
                    Optional.of(new CreateOutcome.Answered(document));
            case ServerReply.Redirected _ ->
                    Optional.of(
                            new CreateOutcome.Failed(
                                    "the meeting's server answers with a redirect"));
            case ServerReply.Unreachable(Failure failure, _, _) ->
                    Optional.of(new CreateOutcome.Failed("the meeting's server " + failure));
        };
    }

    private boolean isRegistered(
            Meeting meeting, Recipe recipe, Document document, String internalId) {
        boolean registered = confirm(meeting, recipe, document, internalId) == Confirmed.REGISTERED;
        noteOpened(meeting, internalId);
        return registered;
    }

    private ServerReply ask(Server server, Meeting meeting, Recipe recipe, long deadline)
            throws InterruptedException {
        var within = within(bbb.settings().create(), deadline);
        if (recipe.body().isPresent()) {
            return observed(server, meeting, recipe, within);
        }
        try {
            return repeats.ask(
                    new Question(meeting.key(), server.id(), recipe.params().query()),
                    left(deadline),
                    () -> observed(server, meeting, recipe, within));
        } catch (TimeoutException e) {
            return new ServerReply.Unreachable(Failure.late(), settings.budget(), Delivery.UNKNOWN);
        }
    }

    /// Told to the pool once, however many share the answer.
    private ServerReply observed(Server server, Meeting meeting, Recipe recipe, Duration within) {
        var reply = send(server, meeting, recipe, within);
        if (reply instanceof ServerReply.Unreachable(var failure, var waited, var delivery)) {
            if (delivery == Delivery.UNKNOWN) {
                meetings.doubt(meeting);
            }
            if (!wasCutShort(waited, within)) {
                pool.failed(server.id(), failure);
            }
        }
        return reply;
    }

    /// Asks the server to create that run of a meeting.
    ServerReply send(Server server, Meeting run, Recipe recipe, Duration within) {
        var sent = wayBack.lead(recipe.within(meetings.maxAge(run.key().tenant())), run);
        var params =
                run.key().tenant().isDefault()
                        ? sent.params()
                        : sent.params().with("meetingID", run.key().scopedId());
        return bbb.call(server.endpoint(), ServerCall.act("create", params, sent.body()), within);
    }

    private static String outcome(ServerReply reply) {
        return switch (reply) {
            case ServerReply.Success _ -> "success";
            case ServerReply.Refused _ -> "refused";
            case ServerReply.Redirected _, ServerReply.Unreachable _ -> "unreachable";
        };
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Duration within(Duration most, long deadline) {
        var left = left(deadline);
        return left.compareTo(most) < 0 ? left : most;
    }
}
