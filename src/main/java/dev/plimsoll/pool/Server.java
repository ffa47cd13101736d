// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import dev.plimsoll.bbb.Endpoint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;

/// One BigBlueButton server of the pool, as it was when this snapshot was taken.
///
/// @param weight how much it can carry, compared with others; 1 is usual
/// @param version BigBlueButton's, empty text when the server hides it
/// @param polledAt the last usable answer to a poll; the epoch when there was none
public record Server(
        ServerId id,
        Endpoint endpoint,
        double weight,
        Set<String> tags,
        Admission admission,
        Health health,
        Load load,
        String version,
        Instant polledAt) {

    public boolean takesNewMeetings() {
        return admission == Admission.ENABLED && health instanceof Health.Online;
    }

    /// Whether calls for meetings that run there are sent there.
    public boolean takesJoins() {
        return admission != Admission.DISABLED && !(health instanceof Health.Offline);
    }

    /// The same with this allowed on it.
    public Server admitted(Admission as) {
        return new Server(id, endpoint, weight, tags, as, health, load, version, polledAt);
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
        return String.join(", ", words);
    }
}
