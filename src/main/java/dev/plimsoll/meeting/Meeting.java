// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.TenantId;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// A meeting and the server it runs on, as it was when this snapshot was taken.
///
/// @param claimId differs for each attempt to create it; only who holds it may confirm or release
/// @param claimUntil when an unconfirmed claim may be taken over: its holder must have died
/// @param confirmedAt when its server confirmed it; the epoch before
/// @param internalId the server's id for it; empty text before it is confirmed
/// @param createTime the server's, epoch milliseconds; 0 before it is confirmed
/// @param reservation user-equivalents reserved at `claimedAt`
public record Meeting(
        Key key,
        ServerId server,
        State state,
        String claimId,
        Instant claimUntil,
        Instant claimedAt,
        Instant confirmedAt,
        String internalId,
        long createTime,
        double reservation) {

    /// Where it stands.
    public enum State {
        /// Tied to a server that has not answered yet.
        CLAIMED,
        /// The server runs it.
        CONFIRMED
    }

    /// A meeting as its tenant knows it; unique within the cluster.
    public record Key(TenantId tenant, String meetingId) {

        /// The id the server sees. The prefix keeps two tenants' "room-1" apart; the default
        /// tenant's ids pass through unchanged, so that a single tenant sees what BBB would show.
        public String scopedId() {
            return tenant.isDefault() ? meetingId : tenant + "~" + meetingId;
        }

        /// The meeting that the server calls so: some other tenant's if the id begins with its name and `~`, and the
        /// default tenant's else.
        public static Key ofScoped(String scopedId, Predicate<TenantId> isTenant) {
            int mark = scopedId.indexOf('~');
            return (mark < 0
                            ? Optional.<TenantId>empty()
                            : TenantId.of(scopedId.substring(0, mark)))
                    .filter(id -> !id.isDefault() && isTenant.test(id))
                    .map(id -> new Key(id, scopedId.substring(mark + 1)))
                    .orElseGet(() -> new Key(TenantId.DEFAULT, scopedId));
        }

        /// As one text, for the change feed.
        String text() {
            return tenant + " " + meetingId;
        }

        static Key parse(String text) {
            int blank = text.indexOf(' ');
            return new Key(new TenantId(text.substring(0, blank)), text.substring(blank + 1));
        }
    }

    public boolean isConfirmed() {
        return state == State.CONFIRMED;
    }
}
