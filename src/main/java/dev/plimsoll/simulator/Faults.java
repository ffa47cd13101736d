// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The faults in force on one simulated server. Several may hit one request, such as a delay and a refusal: they
/// strike in the order they were added, up to the first that ends the request. Thread-safe.
public final class Faults {

    private final List<FaultRule> rules = new ArrayList<>();
    private int clearings;
    private boolean finished;

    Faults() {}

    /// Lets a fault strike every request from now on.
    public void add(Fault fault) {
        add(FaultRule.of(fault));
    }

    /// Lets a fault strike when its rule says so.
    public synchronized void add(FaultRule rule) {
        if (rule.times() > 0) {
            rules.add(rule);
        }
    }

    /// Ends all faults, and releases the requests that hang or are delayed.
    public synchronized void clear() {
        rules.clear();
        clearings++;
        notifyAll();
    }

    /// Ends all waiting, for good; the server closes. The faults stay, since clients may try once more.
    synchronized void finish() {
        finished = true;
        notifyAll();
    }

    /// The rules in force.
    public synchronized List<FaultRule> list() {
        return List.copyOf(rules);
    }

    /// The faults that hit this request; they are used up by that.
    synchronized List<Fault> strike(String call) {
        if (rules.isEmpty()) {
            return List.of();
        }
        var hits = new ArrayList<Fault>();
        var left = new ArrayList<FaultRule>();
        for (FaultRule rule : rules) {
            boolean over = !hits.isEmpty() && hits.getLast().isFinal();
            boolean hit = !over && rule.hits(call);
            if (hit) {
                hits.add(rule.fault());
            }
            var next =
                    hit && rule.times() != FaultRule.ALWAYS ? rule.times(rule.times() - 1) : rule;
            if (next.times() > 0) {
                left.add(next);
            }
        }
        rules.clear();
        rules.addAll(left);
        return hits;
    }

    /// Waits, but not beyond the next clearing, nor the end of the server.
    synchronized void hold(Duration time) throws InterruptedException {
        int before = clearings;
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos();
                left > 0 && clearings == before && !finished;
                left = end - System.nanoTime()) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
    }
}
