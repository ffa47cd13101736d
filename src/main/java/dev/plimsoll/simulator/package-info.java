// SPDX-License-Identifier: Apache-2.0
/// A BigBlueButton server that is not one: for tests, demo, benchmarks and training.
/// Shares only the protocol (`bbb`) with the balancer. Start reading at [SimulatedServer].
@NullMarked
package dev.plimsoll.simulator;

import org.jspecify.annotations.NullMarked;
