// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/// Pools of connections that notice at once, rather than after a millisecond, that their other end has closed them: with
/// the client's own, that wait was half of what opening a meeting took (decision 0017).
final class Connections extends PoolingHttpClientConnectionManagerBuilder {

    private static final AtomicLong NUMBER = new AtomicLong();

    private Connections() {}

    /// @param answers whether one is looked for before all is sent
    static PoolingHttpClientConnectionManagerBuilder builder(
            Http1Config http, ResponseOutOfOrderStrategy answers) {
        return new Connections()
                .setConnectionFactory(socket -> {
                    var connection = new Kept(http, answers);
                    if (socket != null) {
                        connection.bind(socket);
                    }
                    return connection;
                });
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
            SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
        return new DefaultHttpClientConnectionOperator(
                _ -> SocketChannel.open().socket(),
                ports,
                names,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register(URIScheme.HTTPS.id, tls)
                        .build());
    }

    private static final class Kept extends DefaultManagedHttpClientConnection {

        Kept(Http1Config http, ResponseOutOfOrderStrategy answers) {
            super(
                    "to-server-" + NUMBER.incrementAndGet(),
                    null,
                    null,
                    http,
                    null,
                    null,
                    answers,
                    null,
                    null);
        }

        /// Nobody has asked anything, so whatever there is to be read, the end or not, makes it useless.
        @Override
        public boolean isStale() throws IOException {
            var sockets = getSocketHolder();
            // With TLS, the socket beneath it.
            return sockets == null || isReadable(sockets.getBaseSocket().getChannel());
        }

        private static boolean isReadable(SocketChannel channel) {
            try {
                channel.configureBlocking(false);
                boolean readable = channel.read(ByteBuffer.allocate(1)) != 0;
                channel.configureBlocking(true);
                return readable;
            } catch (IOException e) {
                return true;
            }
        }
    }
}
