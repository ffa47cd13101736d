// SPDX-License-Identifier: Apache-2.0
/// The pages that people see in a browser when something stands between them and their meeting, in their language.
/// Knows nothing of meetings and servers, and never shows text that came with a request. Start reading at [Pages].
@NullMarked
package dev.plimsoll.pages;

import org.jspecify.annotations.NullMarked;
