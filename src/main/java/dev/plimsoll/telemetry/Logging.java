// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;

import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;

/// Sets up the log: to standard error, so that a command's own output stays clean; set up in code, because
/// reading logback's XML costs a tenth of a second at start.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {

    /// Called by logback when the first logger is made: warnings only, until [#use] says more.
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, new LogSettings(false, "WARN"));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Logs as the settings say, from now on.
    public static void use(LogSettings settings) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            context.reset();
            apply(context, settings);
        }
        bridgeJavaUtilLogging();
    }

    private static void apply(LoggerContext context, LogSettings settings) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(settings.json() ? json(context) : lines(context));
        appender.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.setLevel(Level.WARN);
        context.getLogger("dev.plimsoll").setLevel(Level.toLevel(settings.level(), Level.INFO));
        // It tells of each connection that breaks, in thirty lines. We say once what that means.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> lines(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %msg %kvp{NONE}%n%ex{12}");
        encoder.start();
        return encoder;
    }

    /// Helidon and Jdbi speak java.util.logging; their warnings belong into the same log.
    private static void bridgeJavaUtilLogging() {
        LogManager.getLogManager().reset();
        var root = java.util.logging.Logger.getLogger("");
        root.setLevel(java.util.logging.Level.WARNING);
        root.addHandler(
                new Handler() {
                    @Override
                    public void publish(LogRecord record) {
                        var log =
                                LoggerFactory.getLogger(
                                        "java.util.logging." + record.getLoggerName());
                        boolean severe =
                                record.getLevel().intValue()
                                        >= java.util.logging.Level.SEVERE.intValue();
                        // Only the kind of an exception: its message may quote a request.
                        var kind =
                                record.getThrown() == null
                                        ? ""
                                        : record.getThrown().getClass().getName();
                        (severe ? log.atError() : log.atWarn())
                                .addKeyValue("source", record.getLoggerName())
                                .addKeyValue("exception", kind)
                                .log("a library reports a problem");
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                });
    }
}
