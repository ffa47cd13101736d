// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Document;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.ServerReply;
import dev.plimsoll.bbb.ServerReply.Delivery;
import dev.plimsoll.bbb.SingleFlight;
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
import java.util.Optional;
import java.util.Set;
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

    private record Question(Meeting.Key meeting, ServerId server, String query) {}

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final MeetingSettings settings;
    private final SingleFlight<Question, ServerReply> repeats = new SingleFlight<>();
    private final Counter attempts;

    public MeetingCreation(
            MeetingRegistry meetings,
            ServerPool pool,
            BbbClient bbb,
            MeetingSettings settings,
            Metrics metrics) {
        this.meetings = meetings;
        this.pool = pool;
        this.bbb = bbb;
        this.settings = settings;
        this.attempts =
                metrics.counter(
                        "plimsoll_create_attempts",
                        "Creates sent to servers, by server and outcome.",
                        "server",
                        "outcome");
    }

    /// Opens the meeting on the server where it fits best, or asks the server where it runs.
    public CreateOutcome create(Meeting.Key key, Recipe recipe) throws InterruptedException {
        long deadline = System.nanoTime() + settings.budget().toNanos();
        while (true) {
            switch (meetings.claim(key, recipe, settings.budget().plus(SLACK))) {
                case Claim.Won(Meeting mine) -> {
                    return open(mine, recipe, deadline);
                }
                case Claim.NoServer(var why) -> {
                    return new CreateOutcome.NoServer(why);
                }
                case Claim.Existing(Meeting theirs) when theirs.isConfirmed() -> {
                    return repeat(theirs, recipe, deadline);
                }
                case Claim.Existing(Meeting theirs) -> {
                    // Somebody is creating it right now: wait for what comes of that instead of
                    // racing it.
                    if (left(deadline).isZero()) {
                        return new CreateOutcome.Failed(
                                "somebody else's create of this meeting takes too long");
                    }
                    meetings.awaitChange(theirs, left(deadline));
                }
            }
        }
    }

    // ------------------------------------------------------------------ a new meeting

    private CreateOutcome open(Meeting first, Recipe recipe, long deadline) {
        Set<ServerId> tried = new HashSet<>();
        Meeting mine = first;
        while (true) {
            Server server = pool.find(mine.server()).orElseThrow();
            var reply = send(server, mine.key(), recipe, within(bbb.settings().create(), deadline));
            attempts.labelValues(server.id().value(), outcome(reply)).inc();
            switch (reply) {
                case ServerReply.Success(Document document) -> {
                    String internalId = document.root().textOf("internalMeetingID");
                    if (meetings.isDying(server.id(), mine.key().scopedId(), internalId)
                            && !left(deadline).isZero()) {
                        // BBB: for some tens of milliseconds after an end, a create finds the dying
                        // meeting
                        LockSupport.parkNanos(DYING_PAUSE.toNanos());
                        continue;
                    }
                    return confirmed(mine, recipe, document, internalId);
                }
                case ServerReply.Refused(_, _, Document document) -> {
                    meetings.release(mine);
                    return new CreateOutcome.Answered(document);
                }
                case ServerReply.Redirected _ -> {
                    var next =
                            moveOn(
                                    mine,
                                    recipe,
                                    "answers a create with a redirect",
                                    Delivery.UNKNOWN,
                                    tried,
                                    deadline);
                    if (next.isEmpty()) {
                        return NONE_COULD;
                    }
                    mine = next.get();
                }
                case ServerReply.Unreachable(String reason, _, Delivery delivery) -> {
                    var next = moveOn(mine, recipe, reason, delivery, tried, deadline);
                    if (next.isEmpty()) {
                        return NONE_COULD;
                    }
                    mine = next.get();
                }
            }
        }
    }

    private static final CreateOutcome NONE_COULD =
            new CreateOutcome.Failed("no server could create the meeting");

    private CreateOutcome confirmed(
            Meeting mine, Recipe recipe, Document document, String internalId) {
        long createTime = document.root().numberOf("createTime");
        String answer = new String(document.bytes(), StandardCharsets.UTF_8);
        return meetings.confirm(mine, recipe, internalId, createTime, answer)
                ? new CreateOutcome.Answered(document)
                : new CreateOutcome.Failed("the meeting was opened elsewhere meanwhile");
    }

    /// The same claim on the next server; empty when there is none, or no time.
    private Optional<Meeting> moveOn(
            Meeting mine,
            Recipe recipe,
            String reason,
            Delivery delivery,
            Set<ServerId> tried,
            long deadline) {
        LOG.atWarn()
                .addKeyValue("server", mine.server())
                .addKeyValue("reason", reason)
                .log("a server could not create a meeting; the next one is tried");
        pool.failed(mine.server(), reason);
        tried.add(mine.server());
        if (left(deadline).isZero()) {
            giveUp(mine, delivery);
            return Optional.empty();
        }
        return switch (meetings.moveOn(
                mine, recipe, delivery, tried, settings.budget().plus(SLACK))) {
            case Claim.Won(Meeting next) -> Optional.of(next);
            case Claim.Existing _, Claim.NoServer _ -> Optional.empty();
        };
    }

    private void giveUp(Meeting mine, Delivery delivery) {
        switch (delivery) {
            case UNKNOWN -> meetings.releaseInDoubt(mine);
            case NOT_DELIVERED -> meetings.release(mine);
        }
    }

    // ------------------------------------------------------------------ a meeting that runs

    /// Frontends create before every join. The server that runs the meeting says what a repeated create means;
    /// those who ask the same at the same time share one question.
    private CreateOutcome repeat(Meeting meeting, Recipe recipe, long deadline)
            throws InterruptedException {
        var server = pool.find(meeting.server());
        if (server.isEmpty() || !server.get().takesJoins()) {
            return new CreateOutcome.Failed("the meeting's server is out of reach");
        }
        var reply = ask(server.get(), meeting, recipe, deadline);
        return switch (reply) {
            case ServerReply.Success(Document document) -> {
                String internalId = document.root().textOf("internalMeetingID");
                if (!internalId.isEmpty() && !internalId.equals(meeting.internalId())) {
                    // The old one was gone, and the server made a new one: the registry follows.
                    yield confirmed(meeting, recipe, document, internalId);
                }
                yield new CreateOutcome.Answered(document);
            }
            case ServerReply.Refused(_, _, Document document) ->
                    new CreateOutcome.Answered(document);
            case ServerReply.Redirected _ ->
                    new CreateOutcome.Failed("the meeting's server answers with a redirect");
            case ServerReply.Unreachable(String reason, _, _) -> {
                pool.failed(server.get().id(), reason);
                yield new CreateOutcome.Failed("the meeting's server " + reason);
            }
        };
    }

    private ServerReply ask(Server server, Meeting meeting, Recipe recipe, long deadline)
            throws InterruptedException {
        var within = within(bbb.settings().create(), deadline);
        if (recipe.body().isPresent()) {
            return send(server, meeting.key(), recipe, within);
        }
        try {
            return repeats.ask(
                    new Question(meeting.key(), server.id(), recipe.params().query()),
                    left(deadline),
                    () -> send(server, meeting.key(), recipe, within));
        } catch (TimeoutException e) {
            return new ServerReply.Unreachable(
                    "does not answer in time", settings.budget(), Delivery.UNKNOWN);
        }
    }

    // ------------------------------------------------------------------ small things

    private ServerReply send(Server server, Meeting.Key key, Recipe recipe, Duration within) {
        var params =
                key.tenant().isDefault()
                        ? recipe.params()
                        : recipe.params().with("meetingID", key.scopedId());
        return bbb.call(server.endpoint(), ServerCall.act("create", params, recipe.body()), within);
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
