// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.testing.Together;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
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
                            turn.await();
                            turn.await(); // has it already
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                        }
                    }
                    return i;
                });
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void whoHoldsATurnForLongDoesNotKeepTheOthersOut() throws InterruptedException {
        var turns = new Turns(1);
        var end = new CountDownLatch(1);
        var held = new CountDownLatch(1);
        var slow =
                Thread.startVirtualThread(() -> {
                    try (var turn = turns.queue()) {
                        turn.await();
                        held.countDown();
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        held.await();
        try (var turn = turns.queue()) {
            turn.await(); // returns without a turn after a second
        }
        assertThat(slow.isAlive()).isTrue();
        end.countDown();
        slow.join();
        try (var turn = turns.queue()) {
            turn.await();
        }
    }
}
