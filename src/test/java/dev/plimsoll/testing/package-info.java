// SPDX-License-Identifier: Apache-2.0
/// The test kit: what tests of several packages share. Start reading at [BbbConformance].
@NullMarked
package dev.plimsoll.testing;

import org.jspecify.annotations.NullMarked;
