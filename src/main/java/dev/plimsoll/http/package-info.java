// SPDX-License-Identifier: Apache-2.0
/// What all our HTTP surfaces share: requests and responses as values, limits, start and stop.
/// Knows nothing of what is served. Start reading at [HttpServer].
@NullMarked
package dev.plimsoll.http;

import org.jspecify.annotations.NullMarked;
