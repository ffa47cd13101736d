// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashSet;
import java.util.concurrent.Executors;

final class RequestIdTest {

    private final RequestId ids = new RequestId(0xabcdL);

    @Test
    void eachRequestHasItsOwnAndNobodyElseHasOne() {
        assertThat(RequestId.current()).isEqualTo("-");
        assertThat(ids.<String, RuntimeException>within(RequestId::current))
                .isEqualTo("000000abce");
        assertThat(ids.<String, RuntimeException>within(RequestId::current))
                .isEqualTo("000000abcf");
        assertThat(RequestId.current()).isEqualTo("-");
    }

    @Test
    void anExceptionPassesAndTheIdIsGone() {
        assertThatThrownBy(() ->
                        ids.within(() -> {
                            throw new IOException(RequestId.current());
                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("000000abce");
        assertThat(RequestId.current()).isEqualTo("-");
    }

    @Test
    void concurrentRequestsDoNotMixTheirs() throws Exception {
        var seen = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    threads.invokeAll(
                            java.util.Collections.<java.util.concurrent.Callable<String>>nCopies(
                                    200,
                                    () ->
                                            ids.<String, RuntimeException>within(() -> {
                                                String mine = RequestId.current();
                                                assertThat(RequestId.current()).isSameAs(mine);
                                                return mine;
                                            })));
            for (var one : all) {
                seen.add(one.get());
            }
        }
        assertThat(seen).hasSize(200).allMatch(id -> id.matches("[0-9a-f]{10}"));
    }
}
