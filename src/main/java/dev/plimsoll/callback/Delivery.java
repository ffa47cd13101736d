// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.tenant.TenantId;

/// An event on its way to a hook's receiver.
///
/// @param failures how often it was tried in vain
/// @param seq its place in the hook's line
/// @param stamp when it was first told, epoch milliseconds; the same at each try
record Delivery(
        String hookId,
        String callbackUrl,
        TenantId tenant,
        int failures,
        long seq,
        String event,
        long stamp) {

    @Override
    public String toString() {
        return "delivery %d of hook %s".formatted(seq, hookId);
    }
}
