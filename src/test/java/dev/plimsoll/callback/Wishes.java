// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.tenant.TenantId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Wishes and hooks for tests.
final class Wishes {

    private Wishes() {}

    static Hook.Wish global(String url) {
        return new Hook.Wish(TenantId.DEFAULT, url, Optional.empty(), List.of(), EventKind.MAPPED);
    }

    static Hook.Wish of(String meetingId) {
        return new Hook.Wish(
                TenantId.DEFAULT,
                "http://lms.example/" + meetingId,
                Optional.of(meetingId),
                List.of(),
                EventKind.MAPPED);
    }

    static Hook.Wish raw(Hook.Wish wish) {
        return new Hook.Wish(
                wish.tenant(),
                wish.callbackUrl(),
                wish.meetingId(),
                wish.eventIds(),
                EventKind.RAW);
    }

    static Hook.Wish only(Hook.Wish wish, String... eventIds) {
        return new Hook.Wish(
                wish.tenant(),
                wish.callbackUrl(),
                wish.meetingId(),
                List.of(eventIds),
                wish.kind());
    }

    static Hook hook(Hook.Wish wish) {
        return new Hook("h", wish, Instant.EPOCH, Optional.empty());
    }
}
