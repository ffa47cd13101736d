// SPDX-License-Identifier: Apache-2.0
/// What an operator types: commands that go through the admin API, as from anywhere.
/// Never touches the database. Start reading at [Commands].
@NullMarked
package dev.plimsoll.cli;

import org.jspecify.annotations.NullMarked;
