// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.CapsView;
import dev.plimsoll.adminapi.Changed;
import dev.plimsoll.adminapi.Panicked;
import dev.plimsoll.adminapi.ServerView;
import dev.plimsoll.adminapi.ServerWish;
import dev.plimsoll.adminapi.StatusView;
import dev.plimsoll.adminapi.SyncWish;
import dev.plimsoll.adminapi.Synced;
import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.config.Secret;
import dev.plimsoll.meeting.Departure;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.meeting.Panic;
import dev.plimsoll.placement.CapRule;
import dev.plimsoll.placement.LoadModel;
import dev.plimsoll.pool.Admission;
import dev.plimsoll.pool.Caps;
import dev.plimsoll.pool.Health;
import dev.plimsoll.pool.Intake;
import dev.plimsoll.pool.Load;
import dev.plimsoll.pool.Poller;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerChange;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What operators do with servers.
public final class ServerAdmin {

    private final ServerPool pool;
    private final MeetingRegistry meetings;
    private final Departure departure;
    private final Poller poller;
    private final LoadModel model;
    private final CapRule caps;
    private final Clock clock;
    private final String version;

    public ServerAdmin(
            ServerPool pool,
            MeetingRegistry meetings,
            Departure departure,
            Poller poller,
            LoadModel model,
            CapRule caps,
            Clock clock,
            String version) {
        this.pool = pool;
        this.meetings = meetings;
        this.departure = departure;
        this.poller = poller;
        this.model = model;
        this.caps = caps;
        this.clock = clock;
        this.version = version;
    }

    StatusView status() {
        var servers = list();
        int users = servers.stream().mapToInt(ServerView::users).sum();
        return new StatusView(version, meetings.meetings().size(), users, servers);
    }

    List<ServerView> list() {
        return pool.servers().stream().map(this::view).toList();
    }

    ServerView show(String id) {
        return view(find(id));
    }

    /// The addresses of all servers; those that another instance has added this moment, too.
    public Set<String> addresses() {
        return pool.stored().stream()
                .map(server -> server.endpoint().api().toString())
                .collect(java.util.stream.Collectors.toSet());
    }

    Synced sync(SyncWish wish) {
        return new ServerSync(pool, this).sync(wish);
    }

    /// The server that somebody wishes for; objects to a wish that could not be granted.
    Server check(ServerWish wish) {
        return wishedNew(wish);
    }

    /// Adds a server; unless wished otherwise it is cordoned until somebody enables it.
    public ServerView add(ServerWish wish) {
        var server = wishedNew(wish);
        require(pool.add(server));
        return view(server);
    }

    private Server wishedNew(ServerWish wish) {
        if (wish.url() == null || wish.secret() == null) {
            throw AdminProblem.invalid(
                    "a server needs url and secret; `bbb-conf --secret` on it prints both");
        }
        var endpoint =
                valid(() ->
                        new Endpoint(
                                Endpoint.apiAddress(required(wish.url())),
                                new Secret(required(wish.secret()).strip()),
                                checksum(wish.checksum(), Checksum.Algorithm.SHA256)));
        var id = valid(() -> new ServerId(wish.id() == null ? name(endpoint.api()) : wish.id()));
        var now = clock.instant();
        return new Server(
                id,
                endpoint,
                weight(wish.weight(), 1),
                tags(wish.tags(), Set.of()),
                caps(wish, Caps.NONE),
                Boolean.TRUE.equals(wish.enable()) ? Admission.ENABLED : Admission.CORDONED,
                new Health.Unstable(0, 0, Health.NOT_POLLED),
                Load.none(now),
                Intake.NONE,
                "",
                Instant.EPOCH,
                0);
    }

    /// The host's name; with the port when one is written, since a host may run several servers.
    private static String name(URI api) {
        return api.getPort() < 0 ? api.getHost() : api.getHost() + "-" + api.getPort();
    }

    /// Polls a server just added, so that it is online at once.
    public void pollNow(ServerWish added) {
        pool.servers().stream()
                .filter(server -> server.id().value().equals(added.id()))
                .forEach(poller::poll);
    }

    Changed set(String id, ServerWish wish) {
        if (wish.id() != null || wish.enable() != null) {
            throw AdminProblem.invalid(
                    "a server's id cannot be changed, and it is enabled by enable");
        }
        return changed(pool.change(find(id).id(), server -> wished(server, wish)), "changed");
    }

    static Server wished(Server server, ServerWish wish) {
        var endpoint = server.endpoint();
        var api =
                wish.url() == null
                        ? endpoint.api()
                        : valid(() -> Endpoint.apiAddress(required(wish.url())));
        var secret =
                wish.secret() == null
                        ? endpoint.secret()
                        : valid(() -> new Secret(required(wish.secret()).strip()));
        return new Server(
                server.id(),
                new Endpoint(api, secret, checksum(wish.checksum(), endpoint.algorithm())),
                weight(wish.weight(), server.weight()),
                tags(wish.tags(), server.tags()),
                caps(wish, server.caps()),
                server.admission(),
                server.health(),
                server.load(),
                server.intake(),
                server.version(),
                server.polledAt(),
                server.revision());
    }

    Changed enable(String id) {
        return admit(id, Admission.ENABLED);
    }

    Changed cordon(String id) {
        return admit(id, Admission.CORDONED);
    }

    Changed drain(String id) {
        return changed(departure.drain(find(id).id()), Admission.DRAINING.word());
    }

    Changed disable(String id) {
        return changed(departure.disable(find(id).id()), "disabled");
    }

    Changed remove(String id) {
        return changed(departure.remove(find(id).id()), "removed");
    }

    Changed removeByForce(String id) {
        return changed(departure.removeByForce(find(id).id()), "removed");
    }

    Panicked panic(String id) throws InterruptedException {
        return departure
                .panic(find(id).id())
                .map(ServerAdmin::panicked)
                .orElseThrow(() -> AdminProblem.notFound("there is no server " + id));
    }

    private static Panicked panicked(Panic.Outcome outcome) {
        String message =
                outcome.changed()
                        ? "server %s is disabled; meetings ended: %d, forgotten: %d%s"
                                .formatted(
                                        outcome.server(),
                                        outcome.ended(),
                                        outcome.forgotten(),
                                        outcome.forgotten() == 0
                                                ? ""
                                                : "; those it did not answer for are ended should it come back")
                        : "server %s was disabled and empty already".formatted(outcome.server());
        return new Panicked(outcome.ended(), outcome.forgotten(), outcome.changed(), message);
    }

    ServerView poll(String id) {
        poller.poll(find(id));
        return show(id);
    }

    private Changed admit(String id, Admission admission) {
        return changed(pool.admit(find(id).id(), admission), admission.word());
    }

    private Server find(String id) {
        return pool.servers().stream()
                .filter(server -> server.id().value().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        AdminProblem.notFound(
                                "there is no server " + id + "; `servers list` shows all"));
    }

    private static Changed changed(ServerChange change, String word) {
        return switch (require(change)) {
            case ServerChange.Unchanged(Server server) ->
                    new Changed(
                            false,
                            "server %s was %s already"
                                    .formatted(server.id(), unchanged(server, word)));
            case ServerChange.Done(Server server) ->
                    new Changed(true, "server %s is %s".formatted(server.id(), word));
            case ServerChange.Unknown _, ServerChange.Rejected _ ->
                    throw new IllegalStateException("was required");
        };
    }

    /// A server that is to be drained may be disabled already.
    private static String unchanged(Server server, String word) {
        return word.equals(Admission.DRAINING.word()) ? server.admission().word() : word;
    }

    private static ServerChange require(ServerChange change) {
        return switch (change) {
            case ServerChange.Done _, ServerChange.Unchanged _ -> change;
            case ServerChange.Unknown(ServerId id) ->
                    throw AdminProblem.notFound("there is no server " + id);
            case ServerChange.Rejected(String why) -> throw AdminProblem.conflict(why);
        };
    }

    private ServerView view(Server server) {
        var load = server.load();
        var now = clock.instant();
        return new ServerView(
                server.id().value(),
                server.endpoint().api().toString(),
                server.admission().word(),
                server.health().word(),
                reason(server.health()),
                server.health().trouble().word(),
                round(model.load(server, now)),
                round(model.reserved(load, now)),
                server.weight(),
                load.meetings(),
                meetings.countsOn(server.id()),
                load.users(),
                load.largest(),
                load.voices(),
                load.videos(),
                server.version(),
                server.tags().stream().sorted().toList(),
                server.endpoint().algorithm().settingName(),
                capsView(server, now),
                server.polledAt().equals(Instant.EPOCH) ? "" : server.polledAt().toString());
    }

    private CapsView capsView(Server server, Instant now) {
        var inForce = caps.caps(server);
        int registered = meetings.countsOn(server.id());
        return new CapsView(
                inForce.users(),
                caps.usersLeft(server, now),
                inForce.meetings(),
                caps.meetingsLeft(server, registered),
                inForce.perMinute(),
                caps.perMinuteLeft(server, now),
                caps.full(server, registered, now).orElse(""));
    }

    private static String reason(Health health) {
        return switch (health) {
            case Health.Online _, Health.Unstable _ -> health.reason();
            case Health.Offline(Instant since, _, _) -> health.reason() + ", since " + since;
        };
    }

    private static double round(double load) {
        return Math.round(load * 10) / 10.0;
    }

    private static double weight(@Nullable Double wished, double otherwise) {
        double weight = wished == null ? otherwise : wished;
        if (!(weight >= 0.01 && weight <= 1000)) {
            throw AdminProblem.invalid("a weight is a number from 0.01 to 1000; 1 is usual");
        }
        return weight;
    }

    private static Caps caps(ServerWish wish, Caps otherwise) {
        return new Caps(
                cap("max-users", wish.maxUsers(), otherwise.users()),
                cap("max-meetings", wish.maxMeetings(), otherwise.meetings()),
                cap("max-per-minute", wish.maxPerMinute(), otherwise.perMinute()));
    }

    private static int cap(String name, @Nullable Integer wished, int otherwise) {
        int cap = wished == null ? otherwise : wished;
        if (cap < 0 || cap > 1_000_000) {
            throw AdminProblem.invalid(
                    name
                            + " is a whole number from 0 to 1000000; 0 means what the setting placement."
                            + name
                            + " says");
        }
        return cap;
    }

    private static Set<String> tags(@Nullable List<String> wished, Set<String> otherwise) {
        if (wished == null) {
            return otherwise;
        }
        if (wished.stream()
                        .anyMatch(tag ->
                                tag == null || !tag.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"))
                || wished.size() > 100) {
            throw AdminProblem.invalid("a tag is letters, digits, '.', '_' and '-'");
        }
        return Set.copyOf(wished);
    }

    private static Checksum.Algorithm checksum(
            @Nullable String wished, Checksum.Algorithm otherwise) {
        return wished == null
                ? otherwise
                : Checksum.Algorithm.named(wished)
                        .orElseThrow(() ->
                                AdminProblem.invalid(
                                        "a checksum is sha1, sha256, sha384 or sha512; BigBlueButton's"
                                                + " supportedChecksumAlgorithms says which the server takes"));
    }

    private static String required(@Nullable String text) {
        return text == null ? "" : text;
    }

    static <T> T valid(java.util.function.Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw AdminProblem.invalid(String.valueOf(e.getMessage()));
        }
    }
}
