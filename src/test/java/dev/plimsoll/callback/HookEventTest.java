// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.tenant.TenantId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class HookEventTest {

    private static final Path SAMPLE = Path.of("src/test/resources/samples/39-webhook-event.json");
    private static final Map<String, String> KNOWN = Map.of("int-1", "room");

    private static Optional<List<HookEvent>> read(EventKind kind, String text) {
        return HookEvent.read(kind, text, id -> Optional.ofNullable(KNOWN.get(id)));
    }

    private static HookEvent one(EventKind kind, String text) {
        var events = read(kind, text).orElseThrow();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void theSampleOfARealServerIsRead() throws IOException {
        String text = Files.readString(SAMPLE);
        var event = one(EventKind.MAPPED, text);
        assertThat(event.id()).isEqualTo("user-joined");
        assertThat(event.meetingId()).isEqualTo("maths-101");
        assertThat(event.internalId())
                .isEqualTo("a1f06dab0d53743b2f5aa07b46d981c678107ee3-1772546709112");
        assertThat(event.text()).isEqualTo(text);
        assertThat(event.toString()).doesNotContain("Ada");
    }

    @Test
    void anOldMeetingIsKnownByItsInternalId() {
        var event =
                one(
                        EventKind.MAPPED,
                        """
                        [{"data":{"id":"rap-published","attributes":{"meeting":{"internal-meeting-id":"int-1"}}}}]\
                        """);
        assertThat(event.meetingId()).isEqualTo("room");
    }

    @Test
    void rawMessagesNameTheirMeetingInManyPlaces() {
        for (String text :
                List.of(
                        "{'core':{'header':{'name':'X','meetingId':'int-1'}}}",
                        "{'envelope':{'routing':{'meetingId':'int-1'}}}",
                        "{'core':{'header':{'name':'X'},'body':{'meetingId':'int-1'}}}",
                        "{'core':{'body':{'props':{'meetingProp':{'extId':'room','intId':'i'}}}}}",
                        "{'payload':{'external_meeting_id':'room'}}")) {
            var event = one(EventKind.RAW, "[" + text.replace('\'', '"') + "]");
            assertThat(event.meetingId()).as(text).isEqualTo("room");
        }
    }

    @Test
    void severalEventsInOneMessageAreToldApart() {
        var events =
                read(EventKind.MAPPED, "[{\"data\":{\"id\":\"a\"}},{\"data\":{\"id\":\"B\"}}]")
                        .orElseThrow();
        assertThat(events).extracting(HookEvent::id).containsExactly("a", "b");
        assertThat(events)
                .extracting(HookEvent::text)
                .containsExactly("[{\"data\":{\"id\":\"a\"}}]", "[{\"data\":{\"id\":\"B\"}}]");
        assertThat(events.get(0).digest()).isNotEqualTo(events.get(1).digest());
    }

    @Test
    void whatIsNoEventIsNone() {
        for (String text : List.of("", "{}", "[]", "[", "null", "[".repeat(100_000))) {
            assertThat(read(EventKind.MAPPED, text)).isEmpty();
        }
        assertThat(one(EventKind.MAPPED, "[1]").id()).isEmpty();
    }

    @Test
    void hooksHearWhatTheyWant() {
        var joined = new HookEvent(EventKind.MAPPED, "user-joined", "room", "", "", "");
        var raw = new HookEvent(EventKind.RAW, "UserJoinedMeetingEvtMsg", "room", "", "", "");
        var global = Wishes.global("http://lms.example");
        assertThat(Wishes.hook(global).wants(joined, TenantId.DEFAULT)).isTrue();
        assertThat(Wishes.hook(global).wants(raw, TenantId.DEFAULT)).isFalse();
        assertThat(Wishes.hook(Wishes.raw(global)).wants(raw, TenantId.DEFAULT)).isTrue();
        assertThat(Wishes.hook(Wishes.only(global, "user-left")).wants(joined, TenantId.DEFAULT))
                .isFalse();
        assertThat(Wishes.hook(Wishes.only(global, "user-joined")).wants(joined, TenantId.DEFAULT))
                .isTrue();
        assertThat(Wishes.hook(Wishes.of("room")).wants(joined, TenantId.DEFAULT)).isTrue();
        assertThat(Wishes.hook(Wishes.of("other")).wants(joined, TenantId.DEFAULT)).isFalse();
    }

    @Test
    void aTenantsHooksHearOfItsMeetingsOnly() {
        var tenant = new TenantId("school");
        var global =
                Wishes.hook(
                        new Hook.Wish(
                                tenant, "http://s", Optional.empty(), List.of(), EventKind.MAPPED));
        var single =
                Wishes.hook(
                        new Hook.Wish(
                                tenant,
                                "http://s",
                                Optional.of("room"),
                                List.of(),
                                EventKind.MAPPED));
        var own = new HookEvent(EventKind.MAPPED, "user-joined", "school~room", "", "", "");
        var others = new HookEvent(EventKind.MAPPED, "user-joined", "room", "", "", "");
        assertThat(global.wants(own, tenant) && single.wants(own, tenant)).isTrue();
        assertThat(global.wants(own, TenantId.DEFAULT) || single.wants(own, TenantId.DEFAULT))
                .isFalse();
        assertThat(single.wants(others, tenant)).isFalse();
    }
}
