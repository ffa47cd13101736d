// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(30)
final class TurnsTest {

    @Test
    void onlySoManyHaveATurnAtTheSameTime() {
        var turns = new Turns(2);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        Together.all(
                16,
                i -> {
                    for (int n = 0; n < 50; n++) {
                        try (var turn = turns.queue()) {
                            turn.toRead();
                            turn.toRead(); // has it already
                            turn.toTakeApart();
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                        }
                    }
                    return i;
                });
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void whoReadsForLongLosesTheTurnToWhoeverWaitsAndGetsAnotherToTakeApart() {
        var turns = new Turns(1);
        try (var slow = turns.queue()) {
            slow.toRead();
            Future<Boolean> waits;
            try (var other = turns.queue()) {
                other.toRead(); // it comes after a second
                other.toTakeApart();
                waits = beginToTakeApart(slow);
                assertThatThrownBy(() -> waits.get(1_500, TimeUnit.MILLISECONDS))
                        .isInstanceOf(TimeoutException.class);
            }
            assertThat(Together.result(waits)).isTrue();
        }
    }

    private static Future<Boolean> beginToTakeApart(Turns.Turn turn) {
        return Together.begin(() -> {
            turn.toTakeApart();
            return true;
        });
    }

    @Test
    void whoTakesApartKeepsTheTurnHoweverLongThatTakes() throws Exception {
        var turns = new Turns(1);
        var busy = turns.queue();
        busy.toRead();
        busy.toTakeApart();
        var next = turns.queue();
        var waiting =
                Together.begin(() -> {
                    next.toRead();
                    return true;
                });
        assertThatThrownBy(() -> waiting.get(1_500, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        busy.close();
        assertThat(Together.result(waiting)).isTrue();
        next.close();
        try (var last = turns.queue()) {
            last.toRead();
        }
    }
}
