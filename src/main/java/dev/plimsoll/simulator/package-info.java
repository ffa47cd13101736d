// SPDX-License-Identifier: Apache-2.0
/// A BigBlueButton server that is not one: for tests, demo, benchmarks and training.
/// Shares only the protocol (`bbb`) with the balancer. Start reading at [SimulatedServer].
///
/// What it does follows BigBlueButton 3.0; where that is odd, a comment says `BBB:`. It has no media: people
/// are there as soon as their browser, or a test, opens the page that `join` leads to. It has no recordings.
///
/// Besides the API and the client page, one server answers below `/simulator`, in JSON. Whoever reaches the port
/// may use it, so a simulator listens on this machine only unless told otherwise.
///
/// | Request | Does |
/// |---|---|
/// | `GET /simulator/state` | shows meetings, people, faults, and how often each call was made |
/// | `GET /simulator/faults` | shows the faults in force |
/// | `POST /simulator/faults` `{"faults": ["create=drop*2", "delay:2s"]}` | adds faults, see [FaultRule] |
/// | `DELETE /simulator/faults` | ends all faults, releases what hangs |
/// | `POST /simulator/meetings/lose` | forgets all meetings, as a crash does |
/// | `POST /simulator/meetings/{id}/users` `{"count": 3, "role": "moderator", "camera": true, "microphone": true, "listening": false}` | lets people enter |
/// | `DELETE /simulator/meetings/{id}/users?count=2` | lets people go; all without a count |
/// | `DELETE /simulator/meetings/{id}` | ends a meeting at once, with its callbacks |
@NullMarked
package dev.plimsoll.simulator;

import org.jspecify.annotations.NullMarked;
