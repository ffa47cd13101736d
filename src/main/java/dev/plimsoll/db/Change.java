// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.db;

/// A row that a transaction changed.
///
/// @param topic the name of its [Topic]
/// @param key which one
record Change(String topic, String key) {}
