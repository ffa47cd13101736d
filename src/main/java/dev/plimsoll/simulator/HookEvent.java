// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

/// Something that happened, as bbb-webhooks tells it.
///
/// @param id such as `user-joined`
/// @param meetingId the external id of its meeting
/// @param mapped as JSON, for ordinary hooks
/// @param raw the message on the server's bus as JSON, for hooks with `getRaw`
record HookEvent(String id, String meetingId, String mapped, String raw) {}
