// SPDX-License-Identifier: Apache-2.0
/// Settings: read once from a file and the environment, every mistake told in one message.
/// Knows nothing of what the settings are for. Start reading at [Config].
@NullMarked
package dev.plimsoll.config;

import org.jspecify.annotations.NullMarked;
