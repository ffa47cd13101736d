// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// HTTP as Helidon speaks it, but a request's line and headers must come in time: from their first byte on, however
/// slowly the others drip. Helidon 4.5 has a timeout for silence alone. Thread-safe.
///
/// Helidon reads a connection and calls its handlers on one thread, so what is read outside a handler is the head of
/// a request, or the rest of a body that nobody wanted.
final class TimedHeads implements ServerConnectionSelector {

    private static final ScopedValue<Head> CURRENT = ScopedValue.newInstance();

    private final ServerConnectionSelector http;
    private final Deadlines deadlines;
    private final Duration within;
    private final Runnable late;

    /// @param late hears of each head that took too long
    TimedHeads(ServerConnectionSelector http, Deadlines deadlines, Duration within, Runnable late) {
        this.http = http;
        this.deadlines = deadlines;
        this.within = within;
        this.late = late;
    }

    /// Does what must be done once the head of the current thread's request is there; what comes then is another's.
    static void answering(Runnable work) {
        if (!CURRENT.isBound()) {
            work.run();
            return;
        }
        var head = CURRENT.get();
        head.complete();
        try {
            work.run();
        } finally {
            head.expected = true;
        }
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        var head = new Head(context.dataReader());
        return new Timed(
                http.connection(new Context(context, DataReader.create(head::read))), head);
    }

    /// What is read of one connection. Of its thread alone.
    private final class Head {

        private final DataReader reader;
        private boolean expected = true;
        private Deadlines.@Nullable Stretch stretch;

        Head(DataReader reader) {
            this.reader = reader;
        }

        private byte[] read() {
            if (expected && stretch == null && reader.available() > 0) {
                begin();
            }
            reader.ensureAvailable();
            if (expected && stretch == null) {
                begin();
            }
            return reader.readBytes(reader.available());
        }

        private void begin() {
            stretch = deadlines.begin(within);
        }

        void complete() {
            expected = false;
            end();
        }

        void end() {
            if (stretch != null) {
                stretch.close();
                if (stretch.isLate()) {
                    late.run();
                }
                stretch = null;
            }
        }
    }

    private record Timed(ServerConnection http, Head head) implements ServerConnection {

        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                ScopedValue.where(CURRENT, head)
                        .call(() -> {
                            http.handle(limit);
                            return null;
                        });
            } finally {
                head.end();
            }
        }

        @Override
        public Duration idleTime() {
            return http.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http.close(interrupt);
        }
    }

    /// A connection that is read through us.
    private record Context(ConnectionContext all, DataReader dataReader)
            implements ConnectionContext {

        @Override
        public ListenerContext listenerContext() {
            return all.listenerContext();
        }

        @Override
        public ExecutorService executor() {
            return all.executor();
        }

        @Override
        public DataWriter dataWriter() {
            return all.dataWriter();
        }

        @Override
        public Router router() {
            return all.router();
        }

        @Override
        public Optional<ProxyProtocolData> proxyProtocolData() {
            return all.proxyProtocolData();
        }

        @Override
        public HelidonSocket serverSocket() {
            return all.serverSocket();
        }

        @Override
        public PeerInfo remotePeer() {
            return all.remotePeer();
        }

        @Override
        public PeerInfo localPeer() {
            return all.localPeer();
        }

        @Override
        public boolean isSecure() {
            return all.isSecure();
        }

        @Override
        public String socketId() {
            return all.socketId();
        }

        @Override
        public String childSocketId() {
            return all.childSocketId();
        }
    }
}
