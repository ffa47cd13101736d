// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// One address, or all that begin as it does: `10.0.0.5`, `10.0.0.0/8`, `2001:db8::/32`.
///
/// @param bits how many of the first ones count
public record AddressRange(InetAddress base, int bits) {

    /// Java alone would take `10` for an address. Callers write it too, hence no second try for any letter.
    private static final Pattern FORM =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*+:[0-9A-Fa-f.:]*+(%\\w++)?");

    /// The range that people wrote; empty when it is none.
    static Optional<AddressRange> of(String text) {
        String[] parts = text.strip().split("/", 2);
        return address(parts[0])
                .flatMap(base -> {
                    int all = base.getAddress().length * 8;
                    if (parts.length == 1) {
                        return Optional.of(new AddressRange(base, all));
                    }
                    return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= all
                            ? Optional.of(new AddressRange(base, Integer.parseInt(parts[1])))
                            : Optional.empty();
                });
    }

    /// The address that this text is; never asks for a name.
    static Optional<InetAddress> address(String text) {
        try {
            return FORM.matcher(text).matches()
                    ? Optional.of(InetAddress.ofLiteral(text))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        int differs = Arrays.mismatch(ours, theirs);
        return ours.length == theirs.length
                && (differs < 0 || differs * 8 + equalBits(ours[differs], theirs[differs]) >= bits);
    }

    private static int equalBits(byte a, byte b) {
        return Integer.numberOfLeadingZeros((a ^ b) & 0xff) - 24;
    }
}
