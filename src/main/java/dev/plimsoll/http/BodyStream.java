// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// A body that is read while it arrives, and never held. The time that we wait for its sender counts, and no other.
///
/// Not thread-safe: it belongs to its request's thread.
public final class BodyStream {

    /// The most that is thrown away.
    private static final long MOST_REST = 256L * 1024 * 1024;

    private final Supplier<InputStream> opening;
    private Optional<InputStream> open = Optional.empty();
    private final OptionalLong length;
    private final int limit;
    private final Deadlines deadlines;
    private final Duration within;
    private Duration left;
    private long read;

    /// @param opening opens it, which tells a sender who waits for `100 Continue` to begin
    BodyStream(
            Supplier<InputStream> opening,
            OptionalLong length,
            int limit,
            Deadlines deadlines,
            Duration within) {
        this.opening = opening;
        this.length = length;
        this.limit = limit;
        this.deadlines = deadlines;
        this.within = within;
        this.left = within;
    }

    /// How many bytes are to come; empty when the sender does not say.
    public OptionalLong length() {
        return length;
    }

    /// Waits for some bytes; how many there are, -1 at the end.
    ///
    /// @throws RequestBroken when the body ends early, or does not come in time
    /// @throws BodyTooLarge when it has become longer than the limit
    public int read(byte[] into) {
        long start = System.nanoTime();
        int n;
        try (var stretch = deadlines.begin(left)) {
            n = read(into, stretch);
        }
        left = left.minusNanos(System.nanoTime() - start);
        read += Math.max(n, 0);
        if (read > limit) {
            throw new BodyTooLarge(limit);
        }
        return n;
    }

    private int read(byte[] into, Deadlines.Stretch stretch) {
        try {
            int n = in().read(into);
            if (n < 0 && read < length.orElse(0)) {
                throw new IOException("%d bytes of it came".formatted(read));
            }
            return n;
        } catch (IOException | RuntimeException e) {
            // Helidon throws exceptions of many kinds when a body ends early or is badly chunked.
            throw new RequestBroken("the body is broken or ended early", stretch.isLate(), e);
        }
    }

    boolean isOpen() {
        return open.isPresent();
    }

    private InputStream in() {
        if (open.isEmpty()) {
            open = Optional.of(opening.get());
        }
        return open.get();
    }

    /// Throws away what is left: whoever is still sending would not see an answer if the connection were closed now.
    ///
    /// @return whether the end has been reached, in time and before it became too much
    boolean discard() {
        byte[] buffer = new byte[65_536];
        try (var _ = deadlines.begin(within)) {
            int n = 0;
            for (long rest = MOST_REST; n >= 0 && rest > 0; rest -= n) {
                n = in().read(buffer);
            }
            return n < 0;
        } catch (IOException | RuntimeException e) {
            return false; // its sender went away
        }
    }
}
