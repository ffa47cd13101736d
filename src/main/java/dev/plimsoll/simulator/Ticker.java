// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Lets time pass for all simulated servers of this process, so that meetings end and callbacks go out even if
/// nobody looks. One thread for all, since there may be hundreds; each look costs a comparison.
final class Ticker {

    private static final Set<SimulatedServer> SERVERS = ConcurrentHashMap.newKeySet();

    static {
        var thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("simulator-ticker").daemon().factory());
        var _ = thread.scheduleWithFixedDelay(Ticker::tickAll, 50, 50, TimeUnit.MILLISECONDS);
    }

    private Ticker() {}

    static void add(SimulatedServer server) {
        SERVERS.add(server);
    }

    static void remove(SimulatedServer server) {
        SERVERS.remove(server);
    }

    private static void tickAll() {
        SERVERS.forEach(SimulatedServer::tickIfDue);
    }
}
