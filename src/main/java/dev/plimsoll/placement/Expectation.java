// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.placement;

import dev.plimsoll.bbb.Params;

/// What we believe a new meeting will need.
///
/// @param users people, by default those of a usual meeting
public record Expectation(double users) {

    private static final double MOST = 2000;

    /// From a create's parameters: a number of people (`meta_bbb-meeting-size-hint`, as bbblb has it), or a
    /// multiple of a usual meeting (`load`, as bbb-loadbalancer has it). A hint raises the expectation, never
    /// lowers it: a room announced for five still costs what a usual one does until we know better.
    public static Expectation of(Params params, PlacementSettings settings) {
        return of(params, 0, settings);
    }

    /// The same, raised to what the room had before.
    ///
    /// @param peak most people in its last runs; 0 when there were none
    public static Expectation of(Params params, int peak, PlacementSettings settings) {
        double people = number(params, "meta_bbb-meeting-size-hint");
        double multiple = number(params, "load") * settings.usualUsers();
        return new Expectation(
                Math.max(
                        settings.usualUsers(),
                        Math.min(MOST, Math.max(peak, Math.max(people, multiple)))));
    }

    /// Whether it should not run beside another one of its size.
    public boolean isBig(PlacementSettings settings) {
        return settings.bigMeeting() > 0 && users >= settings.bigMeeting();
    }

    private static double number(Params params, String name) {
        try {
            double number = Double.parseDouble(params.get(name, "0").strip());
            return Double.isFinite(number) ? number : 0;
        } catch (NumberFormatException e) {
            return 0; // BBB ignores what it cannot read, and so do we: a hint is no reason to
            // refuse a meeting
        }
    }
}
