// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Invents ids, tokens and passwords. Safe for several threads, which a [RandomGenerator] need not be.
final class Chance {

    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + LOWER;

    private final RandomGenerator random;

    Chance(RandomGenerator random) {
        this.random = random;
    }

    /// Lower-case letters and digits.
    String token(int length) {
        return text(LOWER, length);
    }

    /// Letters of both cases and digits.
    String mixed(int length) {
        return text(MIXED, length);
    }

    /// Upper-case hexadecimal digits.
    String hex(int length) {
        return text("0123456789ABCDEF", length);
    }

    /// Five digits.
    synchronized String voiceBridge() {
        return Integer.toString(random.nextInt(10_000, 100_000));
    }

    /// A random UUID, version 4.
    String uuid() {
        byte[] bytes = bytes(16);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        var buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }

    synchronized byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private synchronized String text(String alphabet, int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
