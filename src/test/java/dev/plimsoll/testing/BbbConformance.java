// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import dev.plimsoll.config.Secret;

import java.util.List;
import java.util.stream.Stream;

/// The conformance checks 1 to 69 of the API reference, section 10: what every client may rely on.
///
/// A stage of its own for each check, with the secret of the reference's vectors.
public final class BbbConformance {

    public static final Secret SECRET = new Secret("conformance-secret-0123456789");

    private BbbConformance() {}

    /// All checks in order.
    public static List<Check> checks() {
        return Stream.of(
                        TransportChecks.checks(),
                        CreateChecks.checks(),
                        JoinChecks.checks(),
                        StateChecks.checks(),
                        EndChecks.checks())
                .flatMap(List::stream)
                .toList();
    }
}
