// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.Endpoint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;

/// One BigBlueButton server of the pool, as it was when this snapshot was taken.
///
/// @param weight how much it can carry, compared with others; 1 is usual
/// @param caps its own; where it has none, the pool's hold
/// @param version BigBlueButton's, empty text when the server hides it
/// @param polledAt the last usable answer to a poll; the epoch when there was none
/// @param revision counts what was changed of it
public record Server(
        ServerId id,
        Endpoint endpoint,
        double weight,
        Set<String> tags,
        Caps caps,
        Admission admission,
        Health health,
        Load load,
        Intake intake,
        String version,
        Instant polledAt,
        long revision) {

    public boolean takesNewMeetings() {
        return admission == Admission.ENABLED && health instanceof Health.Online;
    }

    /// Whether calls for meetings that run there are sent there.
    public boolean takesJoins() {
        return admission != Admission.DISABLED && !(health instanceof Health.Offline);
    }

    /// The same server, with something else allowed.
    public Server admitted(Admission to) {
        return with(to, load, intake, version, polledAt, revision);
    }

    /// As it is once a poll has seen so much.
    Server seen(Load now, String hasVersion, Instant at) {
        return with(admission, now, intake, hasVersion, at, revision + 1);
    }

    /// As it is with another reservation, and so many meetings given to it.
    Server reserving(double reserved, Instant at, Intake given) {
        return with(
                admission, load.reserving(reserved, at), given, version, polledAt, revision + 1);
    }

    private Server with(
            Admission allowed,
            Load now,
            Intake given,
            String hasVersion,
            Instant at,
            long changes) {
        return new Server(
                id,
                endpoint,
                weight,
                tags,
                caps,
                allowed,
                health,
                now,
                given,
                hasVersion,
                at,
                changes);
    }

    /// What people set otherwise on the other one, in words; its admission left aside.
    String differences(Server other) {
        var words = new ArrayList<String>();
        if (!endpoint.api().equals(other.endpoint.api())) {
            words.add("address");
        }
        if (!endpoint.secret().equals(other.endpoint.secret())) {
            words.add("secret");
        }
        if (endpoint.algorithm() != other.endpoint.algorithm()) {
            words.add("checksum");
        }
        if (weight != other.weight) {
            words.add("weight");
        }
        if (!tags.equals(other.tags)) {
            words.add("tags");
        }
        if (!caps.equals(other.caps)) {
            words.add("caps");
        }
        return String.join(", ", words);
    }
}
