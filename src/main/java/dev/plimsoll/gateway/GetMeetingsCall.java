// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.BbbClient;
import dev.plimsoll.bbb.Failure;
import dev.plimsoll.bbb.Fanout;
import dev.plimsoll.bbb.Fanout.Answer;
import dev.plimsoll.bbb.MeetingsReply;
import dev.plimsoll.bbb.SingleFlight;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.TenantId;

import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// `getMeetings`: the meetings of all servers in one list.
///
/// Asks the servers that run any, all at once, with one deadline; callers at the same time share the question. For
/// a server that does not answer, its last poll and the registry fill in, so that nothing disappears because one
/// machine hiccups. One that was late, or whose last poll failed, is not asked before a poll finds it well, so that it
/// makes one list slow and not each.
final class GetMeetingsCall extends NamedCall {

    private static final Logger LOG = LoggerFactory.getLogger(GetMeetingsCall.class);
    private static final long MEGABYTE = 1_000_000;

    /// Two lists may be under way, one in its texts and as a document.
    private static final long MOST = Runtime.getRuntime().maxMemory() / 8;

    /// What a meeting takes at the least: the names of its elements alone.
    private static final long LEAST_EACH = 700;

    private final MeetingRegistry meetings;
    private final ServerPool pool;
    private final BbbClient bbb;
    private final GatewaySettings settings;
    private final Counter filledIn;
    private final SingleFlight<TenantId, byte[]> flights = new SingleFlight<>();

    /// Who was late, and when it had been polled last by then.
    private final Map<ServerId, Instant> latecomers = new ConcurrentHashMap<>();

    GetMeetingsCall(
            MeetingRegistry meetings,
            ServerPool pool,
            BbbClient bbb,
            GatewaySettings settings,
            Metrics metrics) {
        super("getMeetings", "Lists the meetings of all servers.", Method.GET, Method.POST);
        this.meetings = meetings;
        this.pool = pool;
        this.bbb = bbb;
        this.settings = settings;
        this.filledIn =
                metrics.counter(
                        "plimsoll_list_filled_in",
                        "Times that a silent server's meetings were listed from its last poll.",
                        "server");
    }

    @Override
    public boolean onlyReads() {
        return true;
    }

    @Override
    public Source answeredFrom() {
        return Source.ALL_SERVERS;
    }

    @Override
    public String rewrites() {
        return "one list of all; for a silent server its last poll";
    }

    @Override
    public List<String> errors() {
        return List.of(ApiFault.SERVER_UNAVAILABLE);
    }

    @Override
    public Reply handle(Call call) throws InterruptedException {
        try {
            return new Reply.Xml(
                    flights.ask(
                            call.tenant().id(),
                            settings.listTimeout().multipliedBy(3),
                            this::list));
        } catch (TimeoutException e) {
            throw ApiFault.serverSilent();
        }
    }

    private byte[] list() {
        long running = meetings.meetings().stream().filter(Meeting::isConfirmed).count();
        if (running * LEAST_EACH > MOST) {
            throw tooLong(); // whatever the servers would say
        }
        var servers = pool.servers();
        var list = new MergedList(meetings, MOST);
        List<Server> asked = new ArrayList<>();
        List<Server> silent = new ArrayList<>();
        // Those that were removed never come in time again, and would be kept for ever.
        latecomers.keySet().retainAll(servers.stream().map(Server::id).collect(Collectors.toSet()));
        for (Server server : servers) {
            if (server.load().meetings() > 0 || !meetings.meetingsOn(server.id()).isEmpty()) {
                (isAsked(server) ? asked : silent).add(server);
            }
        }
        for (var answer : ask(asked, list)) {
            switch (answer) {
                case Answer.Given<Server, MeetingsReply>(
                                Server server,
                                MeetingsReply.Meetings(var listed)) ->
                        list.answered(server, listed);
                case Answer.Given<Server, MeetingsReply>(Server server, MeetingsReply.Unusable _) ->
                        fillIn(list, server);
                case Answer.Missing<Server, MeetingsReply>(Server server, _) -> {
                    noteLate(server);
                    fillIn(list, server);
                }
            }
        }
        silent.forEach(server -> fillIn(list, server));
        if (list.isTooLong()) {
            throw tooLong();
        }
        return list.document();
    }

    private static ApiFault tooLong() {
        LOG.atWarn()
                .addKeyValue("most_mb", MOST / MEGABYTE)
                .log(
                        "the list of all meetings is too long for the memory there is and was refused;"
                                + " PLIMSOLL_JAVA_OPTS=-Xmx512m makes room for more");
        return ApiFault.listTooLong();
    }

    private boolean isAsked(Server server) {
        return server.admission() != Admission.DISABLED
                && !server.polledAt().equals(latecomers.get(server.id()))
                && switch (server.health()) {
                    case Health.Online _ -> true;
                    case Health.Unstable(int points, _, _) -> points == 0;
                    case Health.Offline _ -> false;
                };
    }

    private void noteLate(Server server) {
        latecomers.put(server.id(), server.polledAt());
    }

    private List<Answer<Server, MeetingsReply>> ask(List<Server> servers, MergedList list) {
        try {
            return Fanout.ask(servers, settings.listTimeout(), server -> observed(server, list));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return servers.stream()
                    .<Answer<Server, MeetingsReply>>map(
                            server -> new Answer.Missing<>(server, "interrupted"))
                    .toList();
        }
    }

    /// Tells the pool of a server that fails. One that is merely late is for the poller to judge, which is more patient.
    private MeetingsReply observed(Server server, MergedList list) {
        long start = System.nanoTime();
        var reply =
                bbb.meetings(
                        server.endpoint(),
                        settings.listTimeout(),
                        answer ->
                                answer instanceof MeetingsReply.Meetings(var listed)
                                        ? new MeetingsReply.Meetings(list.fitting(listed))
                                        : answer);
        // Some waits of the client end a little early: what fails in the last tenth counts as late.
        boolean late =
                System.nanoTime() - start >= settings.listTimeout().multipliedBy(9).toNanos() / 10;
        switch (reply) {
            case MeetingsReply.Meetings _ -> {
                latecomers.remove(server.id());
                pool.answered(server.id());
            }
            case MeetingsReply.Unusable(Failure failure)
                    when !late && !Thread.currentThread().isInterrupted() ->
                    pool.failed(server.id(), failure);
            case MeetingsReply.Unusable _ -> noteLate(server);
        }
        return reply;
    }

    private void fillIn(MergedList list, Server server) {
        filledIn.labelValues(server.id().value()).inc();
        list.silent(server, list.fitting(pool.lastAnswer(server.id()).meetings()));
    }
}
