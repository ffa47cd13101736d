// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.config.Durations;
import dev.plimsoll.simulator.Fault.Delay;
import dev.plimsoll.simulator.Fault.Drop;
import dev.plimsoll.simulator.Fault.Garbage;
import dev.plimsoll.simulator.Fault.Hang;
import dev.plimsoll.simulator.Fault.Html;
import dev.plimsoll.simulator.Fault.LoseAnswer;
import dev.plimsoll.simulator.Fault.LoseMeetings;
import dev.plimsoll.simulator.Fault.Refuse;
import dev.plimsoll.simulator.Fault.Slowly;
import dev.plimsoll.simulator.Fault.Status;
import dev.plimsoll.simulator.Fault.Truncate;

import java.util.Optional;
import java.util.regex.Pattern;

/// When a fault strikes: `[call=]fault[*times]`, such as `hang`, `delay:2s`, `create=drop*2`.
///
/// @param call the only call that is hit, such as `create` or `hooks/create`, `root` for the version document, `client` for the client page; empty
///     for all of these
/// @param times how often it still strikes
public record FaultRule(Fault fault, Optional<String> call, int times) {

    /// Strikes until it is cleared.
    public static final int ALWAYS = Integer.MAX_VALUE;

    private static final String KINDS =
            "refuse:key:text, drop, hang, delay:2s, slowly:100, garbage, html:502, status:503, truncate,"
                    + " lose-meetings, lose-answer";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([A-Za-z/]+)=)?([a-z-]+)(?::(.*?))?(?:\\*(\\d{1,9}))?", Pattern.DOTALL);

    /// Strikes every request until it is cleared; but meetings are lost only once.
    public static FaultRule of(Fault fault) {
        return new FaultRule(fault, Optional.empty(), fault instanceof LoseMeetings ? 1 : ALWAYS);
    }

    /// The same for one call only.
    public FaultRule on(String name) {
        return new FaultRule(fault, Optional.of(name), times);
    }

    /// The same for so many requests.
    public FaultRule times(int count) {
        return new FaultRule(fault, call, count);
    }

    boolean hits(String name) {
        return call.isEmpty() || call.get().equals(name);
    }

    /// Reads a rule.
    ///
    /// @throws IllegalArgumentException in the operator's terms when it is none
    public static FaultRule parse(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw unknown(text);
        }
        var rule = of(fault(text, form.group(2), Optional.ofNullable(form.group(3)).orElse("")));
        if (form.group(1) != null) {
            rule = rule.on(form.group(1));
        }
        return form.group(4) == null ? rule : rule.times(Integer.parseInt(form.group(4)));
    }

    private static Fault fault(String text, String kind, String argument) {
        return switch (kind) {
            case "refuse" -> refuse(argument);
            case "drop" -> new Drop();
            case "hang" -> new Hang();
            case "delay" -> new Delay(Durations.parse(argument).orElseThrow(() -> unknown(text)));
            case "slowly" -> new Slowly(number(text, argument, 1, 1_000_000_000));
            case "garbage" -> new Garbage();
            case "html" -> new Html(argument.isEmpty() ? 200 : number(text, argument, 200, 599));
            case "status" -> new Status(number(text, argument, 200, 599));
            case "truncate" -> new Truncate();
            case "lose-meetings" -> new LoseMeetings();
            case "lose-answer" -> new LoseAnswer();
            default -> throw unknown(text);
        };
    }

    private static Refuse refuse(String argument) {
        if (argument.isEmpty()) {
            return new Refuse("internalError", "Something went wrong on the server.");
        }
        int colon = argument.indexOf(':');
        return colon < 0
                ? new Refuse(argument, "Refused on purpose.")
                : new Refuse(argument.substring(0, colon), argument.substring(colon + 1));
    }

    private static int number(String text, String argument, int min, int max) {
        if (!argument.matches("\\d{1,10}")
                || Long.parseLong(argument) < min
                || Long.parseLong(argument) > max) {
            throw unknown(text);
        }
        return Integer.parseInt(argument);
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException(
                "'%s' is no fault; write [call=]fault[*times], such as create=drop*2, with one of %s"
                        .formatted(text, KINDS));
    }

    /// The rule as it is written on the command line.
    public String text() {
        boolean usual = times == of(fault).times;
        return call.map(name -> name + "=").orElse("") + fault.text() + (usual ? "" : "*" + times);
    }
}
