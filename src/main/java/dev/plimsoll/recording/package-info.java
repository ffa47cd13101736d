// SPDX-License-Identifier: Apache-2.0
/// Recordings where they lie, on the servers that made them, and which server holds which.
/// Knows nothing of HTTP. Start reading at [RecordingPool].
@NullMarked
package dev.plimsoll.recording;

import org.jspecify.annotations.NullMarked;
