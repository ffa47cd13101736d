// SPDX-License-Identifier: Apache-2.0
import dev.plimsoll.config.Secret;
import dev.plimsoll.simulator.SimulatedServer;
import dev.plimsoll.simulator.SimulatorSettings;
import java.time.Clock;
import java.util.Random;

/// Simulated servers, many in one process.
public class Servers {

    public static void main(String[] args) throws InterruptedException {
        int first = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[1]);
        System.setProperty("java.util.logging.config.file", "/dev/null");
        for (int i = 0; i < count; i++) {
            var settings = SimulatorSettings.standard(new Secret(Site.SECRET)).withPort(first + i);
            SimulatedServer.start(settings, Clock.systemUTC(), new Random(i));
        }
        Thread.currentThread().join();
    }
}
