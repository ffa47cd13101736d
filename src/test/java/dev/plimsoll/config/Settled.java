// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads a settings record from variables, which must all be sound.
public final class Settled {

    private Settled() {}

    public static <T> T settled(Function<Config, T> read, Map<String, String> environment) {
        var config = Config.load(Optional.empty(), environment);
        T settings = read.apply(config);
        config.requireSound();
        return settings;
    }
}
