// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.Params;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A simulated meeting as it was at one moment.
///
/// @param running whether BigBlueButton would call it running
/// @param people those present
/// @param documents names of the presentations given with `create` or `insertDocument`
/// @param params what its `create` call carried
public record MeetingSnapshot(
        String meetingId,
        String internalId,
        String name,
        Instant created,
        boolean running,
        List<Person> people,
        List<String> documents,
        Params params) {

    /// Somebody present.
    public record Person(
            String userId,
            String externalId,
            String name,
            Role role,
            boolean camera,
            boolean microphone,
            boolean listening) {}

    static MeetingSnapshot of(Meeting meeting) {
        var documents = new ArrayList<>(meeting.plan.documents());
        documents.addAll(meeting.inserted);
        return new MeetingSnapshot(
                meeting.externalId,
                meeting.internalId,
                meeting.plan.name(),
                Instant.ofEpochMilli(meeting.createTime),
                meeting.running(),
                meeting.users().stream()
                        .filter(User::present)
                        .map(MeetingSnapshot::person)
                        .toList(),
                List.copyOf(documents),
                meeting.plan.params());
    }

    private static Person person(User user) {
        return new Person(
                user.person.id(),
                user.person.externalId(),
                user.person.name(),
                user.person.role(),
                user.camera,
                user.microphone,
                user.listening);
    }
}
