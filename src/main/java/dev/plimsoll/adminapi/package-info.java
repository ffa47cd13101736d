// SPDX-License-Identifier: Apache-2.0
/// The admin API as data: routes and records, shared by the server, the command line and scripts.
/// Knows nothing of how they are answered. Start reading at [AdminRoutes].
@NullMarked
package dev.plimsoll.adminapi;

import org.jspecify.annotations.NullMarked;
