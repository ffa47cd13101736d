// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import org.junit.jupiter.api.Tag;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Measures so narrowly that no other test may run beside it. `make test` plays two classes at a time, but these one by
/// one.
@Tag("alone")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Alone {}
