// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.callback;

import dev.plimsoll.bbb.Checksum.Algorithm;
import dev.plimsoll.config.Config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// How many webhooks we keep, how they are signed, and how servers reach us.
///
/// @param max of each tenant
/// @param maxWaiting events that wait for one receiver; more are dropped
/// @param checkInterval how often servers are asked which hooks they have
/// @param callbackUrl our address as servers see it, without a final slash
/// @param algorithm of the checksums that receivers verify
public record HookSettings(
        int max,
        int maxWaiting,
        Duration checkInterval,
        Optional<URI> callbackUrl,
        Algorithm algorithm) {

    public static HookSettings read(Config config) {
        return new HookSettings(
                config.number("hooks.max", 1000, 0, 10_000, "Most webhooks of one tenant."),
                config.number(
                        "hooks.max-waiting",
                        10_000,
                        1,
                        1_000_000,
                        "Most events that wait for one webhook's receiver; later ones are dropped."),
                config.duration(
                        "hooks.check-interval",
                        Duration.ofSeconds(30),
                        "How often servers are asked whether they still have our webhooks."),
                callbackUrl(config),
                algorithm(config));
    }

    private static Optional<URI> callbackUrl(Config config) {
        var text =
                config.text(
                        "hooks.callback-url",
                        "How servers reach us to tell of events when public-url is not set; else"
                                + " http://127.0.0.1:PORT, which only servers on this machine reach.");
        var url = text.flatMap(given -> HookAddress.http(given.strip().replaceAll("/+$", "")));
        if (text.isPresent() && url.isEmpty()) {
            config.problem("hooks.callback-url is not an address; write http://10.0.0.5:8090");
        }
        return url;
    }

    private static Algorithm algorithm(Config config) {
        String name =
                config.choice(
                        "hooks.checksum",
                        "sha1",
                        Arrays.stream(Algorithm.values()).map(Algorithm::settingName).toList(),
                        "The digest that webhooks' receivers get, as hookChecksumAlgorithm in bbb-webhooks.");
        return Algorithm.named(name).orElse(Algorithm.SHA1);
    }
}
