// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static dev.plimsoll.config.Settled.settled;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.bbb.Endpoint;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.config.Secret;
import dev.plimsoll.db.Database;
import dev.plimsoll.db.Duties;
import dev.plimsoll.event.EventLog;
import dev.plimsoll.meeting.Claim;
import dev.plimsoll.meeting.Meeting;
import dev.plimsoll.meeting.MeetingRegistry;
import dev.plimsoll.meeting.Placing;
import dev.plimsoll.meeting.Recipe;
import dev.plimsoll.placement.PlacementSettings;
import dev.plimsoll.pool.HealthRule;
import dev.plimsoll.pool.Server;
import dev.plimsoll.pool.ServerId;
import dev.plimsoll.pool.ServerPool;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.Tenant;
import dev.plimsoll.tenant.TenantDirectory;
import dev.plimsoll.tenant.TenantId;
import dev.plimsoll.testing.Receiver;
import dev.plimsoll.testing.SampleServer;
import dev.plimsoll.testing.TestClock;
import dev.plimsoll.testing.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Events of a server that two tenants use, from what it posts to what their receivers get.
@Timeout(60)
final class TenantsEventsTest {

    private static final TenantId SCHOOL = new TenantId("school");
    private static final Secret SERVERS = new Secret("the server's");
    private static final Secret STANDARD = new Secret("the standard tenant's");
    private static final Secret SCHOOLS = new Secret("the school's");
    private static final Recipe RECIPE = new Recipe(Params.of("name", "Algebra"), Optional.empty());
    private static final ServerId SERVER = new ServerId("bbb1");

    @TempDir private Path folder;
    private final TestClock clock = TestClock.standing();
    private final Receiver standard = Receiver.start();
    private final Receiver school = Receiver.start();
    private Database db;
    private MeetingRegistry meetings;
    private Hooks hooks;
    private Tokens tokens;
    private Inbox inbox;
    private Relay relay;

    @BeforeEach
    void open() {
        db = Database.open(TestDatabase.settings(folder));
        var fixed = clock.withZone(ZoneOffset.UTC);
        var pool =
                new ServerPool(
                        db, fixed, new HealthRule(3, 1, 1), new EventLog(db, fixed, new Metrics()));
        var placement = settled(PlacementSettings::read, Map.of());
        hooks = new Hooks(db, clock, new Random(1), settled(HookSettings::read, Map.of()));
        tokens = new Tokens(hooks);
        var address = new HookAddress(Optional.empty(), hooks.settings());
        address.listeningOn(1);
        var directory =
                new TenantDirectory(
                        tenant(TenantId.DEFAULT, STANDARD), List.of(tenant(SCHOOL, SCHOOLS)));
        var duties = Duties.start(db, "test");
        meetings =
                new MeetingRegistry(
                        db, fixed, new Placing(pool, placement, new Random(1)), directory, duties);
        var metrics = new Metrics();
        inbox = new Inbox(hooks, tokens, address, pool, meetings, directory, metrics);
        relay = new Relay(hooks, new Courier(Algorithm.SHA1, address), directory, duties, metrics);
        pool.start();
        meetings.start();
        hooks.start();
        inbox.tell(relay::waiting);
        relay.start();
        pool.add(server());
    }

    @AfterEach
    void close() {
        relay.close();
        db.close();
        standard.close();
        school.close();
    }

    private static Tenant tenant(TenantId id, Secret secret) {
        return new Tenant(id, List.of(secret), Set.of(Algorithm.SHA1), true, Duration.ZERO);
    }

    private Server server() {
        return SampleServer.online(
                SERVER, Endpoint.of("http://127.0.0.1:1", SERVERS), clock.instant());
    }

    private void hook(TenantId tenant, Receiver receiver, EventKind kind, String... meeting) {
        var wish =
                new Hook.Wish(
                        tenant,
                        receiver.url() + "/" + kind.word(),
                        List.of(meeting).stream().findFirst(),
                        List.of(),
                        kind);
        assertThat(hooks.create(wish)).isInstanceOf(HookCreation.Made.class);
    }

    private void tell(EventKind kind, String event) {
        String path = HookAddress.path(tokens.of(SERVER), Registration.global(kind));
        String form = Params.of("domain", "d", "event", event, "timestamp", "7").query();
        assertThat(inbox.accept(inbox.sender(path).orElseThrow(), "", SERVERS.reveal(), form))
                .isEqualTo(Acceptance.TAKEN);
    }

    private static String mapped(String id, String external, String internal, String more) {
        return """
        [{"data": {"type":"event","id":"%s","attributes":{"meeting":{"internal-meeting-id":"%s",\
        "external-meeting-id":"%s"%s}},"event":{"ts":1.70e3}}}]\
        """
                .formatted(id, internal, external, more);
    }

    private static List<String> events(Receiver receiver, int count) {
        return receiver.awaitMessages(count).stream()
                .map(message -> message.form().get("event", ""))
                .toList();
    }

    private void register(TenantId tenant, String id, String internalId) {
        db.write(tx -> tx.handle().execute("UPDATE servers SET health = 'ONLINE'"));
        var won =
                (Claim.Won)
                        meetings.claim(new Meeting.Key(tenant, id), RECIPE, Duration.ofMinutes(1));
        assertThat(meetings.confirm(won.meeting(), RECIPE, internalId, 1, ""))
                .isEqualTo(MeetingRegistry.Confirmed.REGISTERED);
    }

    @Test
    void eachTenantHearsOfItsOwnMeetingsUnderItsOwnIdsSignedWithItsOwnSecret() {
        hook(TenantId.DEFAULT, standard, EventKind.MAPPED);
        hook(SCHOOL, school, EventKind.MAPPED);
        String more = ",\"metadata\":{\"meetingId\":\"school~room\",\"x\":\"school~rooms\"}";
        String plain = mapped("user-joined", "room", "i-1", "");
        tell(EventKind.MAPPED, mapped("user-joined", "school~room", "i-2", more));
        tell(EventKind.MAPPED, plain);
        assertThat(events(school, 1))
                .containsExactly(
                        mapped(
                                "user-joined",
                                "room",
                                "i-2",
                                ",\"metadata\":{\"meetingId\":\"room\",\"x\":\"school~rooms\"}"));
        assertThat(events(standard, 1)).containsExactly(plain);
        expectSigned(school, SCHOOLS);
        expectSigned(standard, STANDARD);
    }

    private static void expectSigned(Receiver receiver, Secret secret) {
        var message = receiver.messages().getFirst();
        String url = receiver.url() + "/mapped";
        assertThat(message.uri())
                .isEqualTo(
                        "/mapped?checksum="
                                + Checksum.of(Algorithm.SHA1, url, message.body(), secret));
    }

    @Test
    void rawMessagesAreTheirMeetingsTenants() {
        hook(TenantId.DEFAULT, standard, EventKind.RAW);
        hook(SCHOOL, school, EventKind.RAW, "room");
        register(SCHOOL, "room", "i-1");
        String created =
                """
                [{"core":{"header":{"name":"MeetingCreatedEvtMsg"},"body":{"props":{"meetingProp":\
                {"extId":"%sroom","intId":"%s"}}}}}]\
                """;
        String joined = "[{\"core\":{\"header\":{\"name\":\"X\",\"meetingId\":\"i-1\"}}}]";
        tell(EventKind.RAW, created.formatted("school~", "i-1"));
        tell(EventKind.RAW, joined);
        assertThat(events(school, 2)).containsExactly(created.formatted("", "i-1"), joined);
        tell(EventKind.RAW, "[{\"core\":{\"header\":{\"name\":\"X\",\"meetingId\":\"i-9\"}}}]");
        tell(EventKind.RAW, created.formatted("", "i-8"));
        assertThat(events(standard, 1)).containsExactly(created.formatted("", "i-8"));
    }

    @Test
    void theRegistryKnowsBetterThanAName() {
        hook(TenantId.DEFAULT, standard, EventKind.MAPPED);
        hook(SCHOOL, school, EventKind.MAPPED);
        register(TenantId.DEFAULT, "school~1", "i-1");
        String event = mapped("user-joined", "school~1", "i-1", "");
        tell(EventKind.MAPPED, event);
        tell(EventKind.MAPPED, mapped("user-joined", "church~1", "i-2", ""));
        assertThat(events(standard, 2))
                .containsExactly(event, mapped("user-joined", "church~1", "i-2", ""));
        assertThat(school.messages()).isEmpty();
    }

    @Test
    void aBreakoutRoomIsItsParentsTenants() {
        hook(TenantId.DEFAULT, standard, EventKind.MAPPED);
        hook(SCHOOL, school, EventKind.MAPPED);
        register(SCHOOL, "room", "i-1");
        String room = "0123456789".repeat(4) + "-1772546709112";
        String created =
                mapped(
                        "meeting-created",
                        room,
                        "i-2",
                        ",\"is-breakout\":true,\"parent-id\":\"i-1\"");
        tell(EventKind.MAPPED, created);
        tell(EventKind.MAPPED, mapped("user-joined", room, "i-2", ""));
        tell(EventKind.MAPPED, mapped("user-joined", room, "i-unknown", ""));
        assertThat(events(school, 2))
                .containsExactly(created, mapped("user-joined", room, "i-2", ""));
        assertThat(standard.messages()).isEmpty();
    }

    @Test
    void theEndOfAnotherTenantsMeetingOfThatNameEndsNoHook() {
        hook(TenantId.DEFAULT, standard, EventKind.MAPPED, "school~room");
        hook(SCHOOL, school, EventKind.MAPPED, "room");
        tell(EventKind.MAPPED, mapped("meeting-ended", "school~room", "i-1", ""));
        events(school, 1);
        assertThat(hooks.list(SCHOOL, Optional.empty())).isEmpty();
        assertThat(hooks.list(TenantId.DEFAULT, Optional.empty())).hasSize(1);
    }
}
