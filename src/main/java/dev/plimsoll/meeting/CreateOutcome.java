// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.meeting;

import dev.plimsoll.bbb.Document;
import dev.plimsoll.placement.Placement;

/// What came of creating a meeting.
public sealed interface CreateOutcome {

    /// A server answered, with success or with a refusal of its own; passed on word for word.
    record Answered(Document document) implements CreateOutcome {}

    /// No server takes new meetings.
    record NoServer(Placement.NoServer why) implements CreateOutcome {}

    /// Servers were tried and none gave a usable answer in time.
    record Failed(String reason) implements CreateOutcome {}
}
