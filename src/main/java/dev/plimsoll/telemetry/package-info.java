// SPDX-License-Identifier: Apache-2.0
/// What is measured and logged: metrics, the structured log, the id of the current request.
/// Knows nothing of pools and meetings. Start reading at [Metrics].
@NullMarked
package dev.plimsoll.telemetry;

import org.jspecify.annotations.NullMarked;
