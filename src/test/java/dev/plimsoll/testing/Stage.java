// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.simulator.People;

import java.time.Duration;
import java.util.Set;

/// What a conformance check is played on: an API without meetings, and a hand behind the scenes.
/// One implementation is a single simulator, another the balancer with simulators behind it.
public interface Stage extends AutoCloseable {

    Target target();

    /// The same with only these digests allowed.
    Target allowing(Set<Algorithm> algorithms);

    /// Where errors of `join` lead when the call names no address; without a final slash.
    String logoutUrl();

    /// Lets people enter a meeting as if their clients had connected.
    void connect(String meetingId, People people);

    /// Lets everybody go.
    void leave(String meetingId);

    /// Moves the clocks of everything on the stage, and lets happen what is due.
    void pass(Duration time);

    @Override
    void close();
}
