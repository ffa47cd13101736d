// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

final class SingleFlightTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SingleFlight<String, Integer> flights = new SingleFlight<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch firstIsUnderWay = new CountDownLatch(1);
    private final AtomicInteger questions = new AtomicInteger();

    @AfterEach
    void nothingIsLeftInTheMap() {
        assertThat(flights.underWay()).isZero();
    }

    @Test
    void oneAfterTheOtherEachPutsItsQuestion() throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertThat(flights.ask("a", LONG, questions::incrementAndGet)).isEqualTo(i);
        }
    }

    @Test
    void aThousandCallersShareOneQuestionBesideTheOneUnderWay() throws Exception {
        var first = aFirstQuestion();
        var others = new ArrayList<Asking>();
        for (int i = 0; i < 1000; i++) {
            others.add(ask("a", questions::incrementAndGet));
        }
        for (Asking other : others) {
            other.awaitWaiting();
        }
        open.countDown();
        assertThat(first.answer()).isEqualTo(1);
        for (Asking other : others) {
            assertThat(other.answer()).isEqualTo(2);
        }
        assertThat(questions).hasValue(2);
    }

    @Test
    void otherKeysDoNotWait() throws Exception {
        var first = aFirstQuestion();
        assertThat(flights.ask("b", LONG, () -> 7)).isEqualTo(7);
        open.countDown();
        assertThat(first.answer()).isEqualTo(1);
    }

    @Test
    void nobodyGetsAnAnswerToAQuestionThatWasPutBeforeTheyAsked() throws Exception {
        var clock = new AtomicLong();
        var shared = new SingleFlight<String, Long>();
        var tasks = new ArrayList<FutureTask<Void>>();
        for (int i = 0; i < 16; i++) {
            var task =
                    new FutureTask<Void>(() -> {
                        for (int n = 0; n < 500; n++) {
                            long asked = clock.incrementAndGet();
                            long put = shared.ask("a", LONG, () -> stamp(clock));
                            assertThat(put).isGreaterThan(asked);
                        }
                        return null;
                    });
            Thread.ofVirtual().start(task);
            tasks.add(task);
        }
        for (var task : tasks) {
            task.get(20, TimeUnit.SECONDS);
        }
        assertThat(shared.underWay()).isZero();
    }

    private static long stamp(AtomicLong clock) {
        long put = clock.incrementAndGet();
        LockSupport.parkNanos(1000);
        return put;
    }

    @Test
    void anExceptionReachesAllWhoWaitAndNobodyElse() throws Exception {
        var first = aFirstQuestion();
        Callable<Integer> broken =
                () -> flights.ask("a", LONG, () -> fail(questions.incrementAndGet()));
        var others = List.of(new Asking(broken), new Asking(broken), new Asking(broken));
        for (Asking other : others) {
            other.awaitWaiting();
        }
        open.countDown();
        assertThat(first.answer()).isEqualTo(1);
        for (Asking other : others) {
            assertThatThrownBy(other::answer)
                    .hasRootCauseInstanceOf(UnsupportedOperationException.class)
                    .hasRootCauseMessage("question 2");
        }
        assertThat(flights.ask("a", LONG, questions::incrementAndGet)).isEqualTo(3);
    }

    private static int fail(int question) {
        throw new UnsupportedOperationException("question " + question);
    }

    @Test
    void afterAQuestionThatFailedTheNextIsPut() throws Exception {
        var first = aFirstQuestion(() -> fail(1));
        var next = ask("a", questions::incrementAndGet);
        next.awaitWaiting();
        open.countDown();
        assertThatThrownBy(first::answer).hasRootCauseMessage("question 1");
        assertThat(next.answer()).isEqualTo(1);
    }

    @Test
    void nobodyWaitsLongerThanTheyWantTo() throws Exception {
        var first = aFirstQuestion();
        var leader = ask("a", questions::incrementAndGet);
        leader.awaitWaiting();
        var follower = new Asking(() -> flights.ask("a", Duration.ofMillis(50), questions::get));
        assertThatThrownBy(follower::answer).hasCauseInstanceOf(TimeoutException.class);
        open.countDown();
        assertThat(first.answer()).isEqualTo(1);
        assertThat(leader.answer()).isEqualTo(2);
    }

    @Test
    void oneThatHangsIsNotWaitedForForever() throws Exception {
        var first = aFirstQuestion();
        var leader =
                new Asking(
                        () -> flights.ask("a", Duration.ofMillis(200), questions::incrementAndGet));
        leader.awaitWaiting();
        var follower = ask("a", questions::incrementAndGet);
        assertThat(leader.answer()).isEqualTo(1);
        assertThat(follower.answer()).isBetween(1, 2);
        open.countDown();
        assertThat(first.answer()).isBetween(2, 3);
    }

    @Test
    void anInterruptedLeaderDoesNotStrandItsFollowers() throws Exception {
        var first = aFirstQuestion();
        var leader = ask("a", questions::incrementAndGet);
        leader.awaitWaiting();
        var followers =
                List.of(
                        ask("a", questions::incrementAndGet),
                        ask("a", questions::incrementAndGet),
                        ask("a", questions::incrementAndGet));
        for (Asking follower : followers) {
            follower.awaitWaiting();
        }
        leader.thread.interrupt();
        assertThatThrownBy(leader::answer).hasCauseInstanceOf(InterruptedException.class);
        for (Asking follower : followers) {
            assertThat(follower.answer()).isBetween(1, 3); // beside the one that still hangs
        }
        open.countDown();
        assertThat(first.answer()).isPositive();
    }

    @Test
    void anInterruptedFollowerHarmsNobody() throws Exception {
        var first = aFirstQuestion();
        var leader = ask("a", questions::incrementAndGet);
        leader.awaitWaiting();
        var follower = ask("a", questions::incrementAndGet);
        follower.awaitWaiting();
        follower.thread.interrupt();
        assertThatThrownBy(follower::answer).hasCauseInstanceOf(InterruptedException.class);
        open.countDown();
        assertThat(first.answer()).isEqualTo(1);
        assertThat(leader.answer()).isEqualTo(2);
    }

    private Asking aFirstQuestion() throws InterruptedException {
        return aFirstQuestion(questions::incrementAndGet);
    }

    /// A question on key `a` that is under way until the latch is opened.
    private Asking aFirstQuestion(java.util.function.Supplier<Integer> answer)
            throws InterruptedException {
        var first =
                ask(
                        "a",
                        () -> {
                            firstIsUnderWay.countDown();
                            awaitOpen();
                            return answer.get();
                        });
        assertThat(firstIsUnderWay.await(10, TimeUnit.SECONDS)).isTrue();
        return first;
    }

    private void awaitOpen() {
        try {
            if (!open.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never opened");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Asking ask(String key, java.util.function.Supplier<Integer> question) {
        return new Asking(() -> flights.ask(key, LONG, question));
    }

    /// Somebody who asks, on a thread of their own.
    private static final class Asking {

        private final FutureTask<Integer> task;
        private final Thread thread;

        Asking(Callable<Integer> question) {
            task = new FutureTask<>(question);
            thread = Thread.ofVirtual().start(task);
        }

        void awaitWaiting() {
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(100_000);
            }
        }

        int answer() throws InterruptedException, ExecutionException, TimeoutException {
            return task.get(20, TimeUnit.SECONDS);
        }
    }
}
