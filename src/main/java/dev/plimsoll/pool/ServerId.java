// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.pool;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// A server's name in our pool: letters, digits, `.`, `_` and `-`, 1 to 100 of them; by default its host name.
public record ServerId(String value) implements Comparable<ServerId> {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private static final Map<String, ServerId> STORED = new ConcurrentHashMap<>();

    /// @throws IllegalArgumentException in the operator's words when the name does not fit
    public ServerId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "'" + value + "' is not a server's id; use letters, digits, '.', '_' and '-'");
        }
    }

    /// One that the database has: one object, however many rows name it. There may be a hundred thousand meetings, and
    /// servers are read anew with each change.
    public static ServerId stored(String value) {
        return STORED.computeIfAbsent(value, ServerId::new);
    }

    @Override
    public int compareTo(ServerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
