// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import java.util.List;

/// What a sync changed, or would change.
///
/// @param changes a line each
/// @param left servers that were not wished for: they stay as they are
public record Synced(List<String> changes, List<String> left) {}
