// SPDX-License-Identifier: Apache-2.0
/// The admin API's server side, health and metrics.
/// Holds no rules of its own: the domain decides. Start reading at [AdminApi].
@NullMarked
package dev.plimsoll.admin;

import org.jspecify.annotations.NullMarked;
