// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.pool.ServerId;
import dev.plimsoll.tenant.TenantId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A meeting and the server it runs on, as it was when this snapshot was taken. Moments are kept as epoch milliseconds:
/// there may be a hundred thousand meetings, and an [Instant] takes as much memory as three of these.
///
/// @param claimId differs for each attempt to create it; only who holds it may confirm or release
/// @param claimUntilMillis when an unconfirmed claim may be taken over: its holder must have died; of a lost meeting, when it
///     is forgotten
/// @param confirmedAtMillis when its server confirmed it; the epoch before
/// @param internalId the server's id for it; empty text before it is confirmed
/// @param createTime the server's, epoch milliseconds; 0 before it is confirmed
/// @param reservation user-equivalents reserved at `claimedAtMillis`
/// @param formers the runs on other servers that it continues, the latest last
public record Meeting(
        Key key,
        ServerId server,
        State state,
        String claimId,
        long claimUntilMillis,
        long claimedAtMillis,
        long confirmedAtMillis,
        String internalId,
        long createTime,
        double reservation,
        List<Former> formers) {

    /// In place of a server, while none is chosen.
    static final ServerId NOWHERE = new ServerId("nowhere");

    /// As many former runs are remembered as somebody's browser may still come from.
    private static final int MOST_FORMERS = 10;

    public Meeting {
        formers = List.copyOf(formers);
    }

    Meeting(
            Key key,
            ServerId server,
            State state,
            String claimId,
            Instant claimUntil,
            Instant claimedAt,
            Instant confirmedAt,
            String internalId,
            long createTime,
            double reservation,
            List<Former> formers) {
        this(
                key,
                server,
                state,
                claimId,
                claimUntil.toEpochMilli(),
                claimedAt.toEpochMilli(),
                confirmedAt.toEpochMilli(),
                internalId,
                createTime,
                reservation,
                formers);
    }

    /// Where it stands.
    public enum State {
        /// Tied to a server that has not answered yet.
        CLAIMED,
        /// The server runs it.
        CONFIRMED,
        /// Its server was given up, was removed by force, or came back without it. Whoever wants it next opens it
        /// elsewhere.
        LOST
    }

    /// A run of the meeting before it was opened once more elsewhere, or moved there.
    ///
    /// @param run the claim id it had
    /// @param createTime the one that frontends may still name
    public record Former(String run, long createTime) {

        /// As one word, for the database.
        String text() {
            return run + ":" + createTime;
        }

        static Former parse(String text) {
            int colon = text.indexOf(':');
            return new Former(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
        }
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

    public Instant claimUntil() {
        return Instant.ofEpochMilli(claimUntilMillis);
    }

    public Instant claimedAt() {
        return Instant.ofEpochMilli(claimedAtMillis);
    }

    public Instant confirmedAt() {
        return Instant.ofEpochMilli(confirmedAtMillis);
    }

    public boolean isConfirmed() {
        return state == State.CONFIRMED;
    }

    public boolean isLost() {
        return state == State.LOST;
    }

    /// Whether this is the same run of it, as told by who created it and what came of it.
    boolean isSameRun(Meeting other) {
        return claimId.equals(other.claimId) && internalId.equals(other.internalId);
    }

    /// Whether it continues that run elsewhere.
    public boolean continues(String run) {
        return formers.stream().anyMatch(former -> former.run.equals(run));
    }

    /// Whether that is the create time of a run that it continues.
    public boolean continues(long earlierCreateTime) {
        return formers.stream().anyMatch(former -> former.createTime == earlierCreateTime);
    }

    /// The same under an equal key.
    Meeting under(Key same) {
        return new Meeting(
                same,
                server,
                state,
                claimId,
                claimUntilMillis,
                claimedAtMillis,
                confirmedAtMillis,
                internalId,
                createTime,
                reservation,
                formers);
    }

    Meeting on(ServerId where, double reserved) {
        return with(
                where,
                state,
                claimId,
                confirmedAtMillis,
                internalId,
                createTime,
                reserved,
                formers);
    }

    Meeting continuing(List<Former> earlier) {
        return with(
                server,
                state,
                claimId,
                confirmedAtMillis,
                internalId,
                createTime,
                reservation,
                earlier);
    }

    Meeting as(String run) {
        return with(
                server,
                state,
                run,
                confirmedAtMillis,
                internalId,
                createTime,
                reservation,
                formers);
    }

    /// As it is once its server has confirmed it.
    Meeting confirmed(String asInternalId, long atCreateTime, Instant now) {
        return with(
                server,
                State.CONFIRMED,
                claimId,
                now.toEpochMilli(),
                asInternalId,
                atCreateTime,
                reservation,
                formers);
    }

    private Meeting with(
            ServerId newServer,
            State newState,
            String run,
            long newConfirmedAtMillis,
            String newInternalId,
            long newCreateTime,
            double reserved,
            List<Former> earlier) {
        return new Meeting(
                key,
                newServer,
                newState,
                run,
                claimUntilMillis,
                claimedAtMillis,
                newConfirmedAtMillis,
                newInternalId,
                newCreateTime,
                reserved,
                earlier);
    }

    /// What a run that continues this one remembers.
    List<Former> formersAndThis() {
        var all = new ArrayList<>(formers);
        all.add(new Former(claimId, createTime));
        return all.size() > MOST_FORMERS ? all.subList(all.size() - MOST_FORMERS, all.size()) : all;
    }
}
