// SPDX-License-Identifier: Apache-2.0
/// The BigBlueButton protocol: parameters, checksum, XML, the client for servers.
/// Knows nothing of pools and tenants. Start reading at [BbbClient].
@NullMarked
package dev.plimsoll.bbb;

import org.jspecify.annotations.NullMarked;
