// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.adminapi;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What the pool should look like.
///
/// @param servers each with url and secret; found by its id, else by its address
/// @param dryRun true to be told what would change, and nothing more
public record SyncWish(@Nullable List<ServerWish> servers, boolean dryRun) {}
