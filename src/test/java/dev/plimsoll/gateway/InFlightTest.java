// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;

final class InFlightTest {

    private final InFlight inFlight = new InFlight(3, 2);

    @Test
    void oneCallerCannotTakeEverything() {
        inFlight.enter("a");
        var second = inFlight.enter("a");
        assertThatThrownBy(() -> inFlight.enter("a"))
                .isInstanceOfSatisfying(
                        LimitMet.class,
                        met -> assertThat(met.limit()).isEqualTo("requests-per-caller"));
        inFlight.enter("b");
        assertThatThrownBy(() -> inFlight.enter("c"))
                .isInstanceOfSatisfying(
                        LimitMet.class, met -> assertThat(met.limit()).isEqualTo("requests"));
        second.close();
        inFlight.enter("a");
    }

    @Test
    void whoIsTurnedAwayTakesNoPlace() {
        for (int i = 0; i < 100; i++) {
            var passages = new ArrayList<InFlight.Passage>();
            for (int j = 0; j < 10; j++) {
                try {
                    passages.add(inFlight.enter("caller " + j));
                } catch (LimitMet met) {
                    assertThat(met.isBusy()).isTrue();
                }
            }
            assertThat(passages).hasSize(3);
            passages.forEach(InFlight.Passage::close);
        }
    }

    @Test
    void whateverHappensAtOnceIsCountedRight() throws InterruptedException {
        var busy = new InFlight(8, 8);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            String caller = "caller " + i % 2;
            threads[i] =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int n = 0; n < 50_000; n++) {
                                    try (var _ = busy.enter(caller)) {
                                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                        inside.decrementAndGet();
                                    }
                                }
                            });
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 8);
        for (int i = 0; i < 8; i++) {
            busy.enter("all places are free again");
        }
        assertThatThrownBy(() -> busy.enter("x")).isInstanceOf(LimitMet.class);
    }
}
