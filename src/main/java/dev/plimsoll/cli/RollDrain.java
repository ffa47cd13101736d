// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.cli;

import dev.plimsoll.adminapi.AdminRoutes;
import dev.plimsoll.adminapi.Changed;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// How a roll empties a server: it waits for the end of its meetings, or moves them away.
sealed interface RollDrain {

    /// How it ended.
    sealed interface Outcome {
        record Empty() implements Outcome {}

        /// Something else failed meanwhile.
        record CalledOff() implements Outcome {}

        record Failed(String why) implements Outcome {}
    }

    /// Lets it take no new meetings; harmless when it is so already.
    void order(String id) throws InterruptedException;

    Outcome await(String id, Duration within, BooleanSupplier calledOff)
            throws InterruptedException;

    /// In a plan.
    String words();

    /// Waits.
    record Patiently(Instance instance, DrainWait waiting) implements RollDrain {

        @Override
        public void order(String id) throws InterruptedException {
            instance.send(AdminRoutes.SERVERS_DRAIN, id, null, Changed.class);
        }

        @Override
        public Outcome await(String id, Duration within, BooleanSupplier calledOff)
                throws InterruptedException {
            return outcome(waiting.await(id, within, calledOff));
        }

        static Outcome outcome(DrainWait.Outcome outcome) {
            return switch (outcome) {
                case DrainWait.Outcome.Disabled _ -> new Outcome.Empty();
                case DrainWait.Outcome.CalledOff _ -> new Outcome.CalledOff();
                case DrainWait.Outcome.Changed(String admission) ->
                        new Outcome.Failed("somebody made it %s meanwhile".formatted(admission));
                case DrainWait.Outcome.Removed _ ->
                        new Outcome.Failed("somebody took it out of the pool meanwhile");
                case DrainWait.Outcome.TimedOut(String left) ->
                        new Outcome.Failed("still drains after the time given: " + left);
            };
        }

        @Override
        public String words() {
            return "drain";
        }
    }

    /// Moves the meetings away, then waits for the last to be over there.
    record Moving(Patiently drain, Evacuation evacuation) implements RollDrain {

        @Override
        public void order(String id) throws InterruptedException {
            drain.order(id);
        }

        @Override
        public Outcome await(String id, Duration within, BooleanSupplier calledOff)
                throws InterruptedException {
            var left = evacuation.run(id, calledOff).left();
            return left.isEmpty() || calledOff.getAsBoolean()
                    ? drain.await(id, within, calledOff)
                    : new Outcome.Failed(
                            "still drains; could not be moved: "
                                    + left.entrySet().stream()
                                            .map(one -> one.getKey() + " (" + one.getValue() + ")")
                                            .collect(Collectors.joining(", ")));
        }

        @Override
        public String words() {
            return "drain and evacuate";
        }
    }
}
