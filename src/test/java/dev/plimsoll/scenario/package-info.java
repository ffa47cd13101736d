// SPDX-License-Identifier: Apache-2.0
/// Stories over HTTP: the real balancer, simulated servers, faults on request. Start reading at [PlacementTest].
@NullMarked
package dev.plimsoll.scenario;

import org.jspecify.annotations.NullMarked;
