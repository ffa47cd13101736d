// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/// Stands between an instance and its database, or before the instances, and does what networks do to people.
///
/// What is held back is not lost: it arrives when the network is well again, as TCP would bring it.
public final class TcpProxy implements AutoCloseable {

    private enum Way {
        PASS,
        REFUSE,
        /// What the database says is held back; what it is told arrives.
        HALF_CLOSED,
        BLACK_HOLE
    }

    private final IntSupplier target;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Way way = Way.PASS;
    private volatile Duration delay = Duration.ZERO;
    private volatile String mark = "";
    private final AtomicInteger marks = new AtomicInteger();
    private volatile boolean follows;
    private volatile boolean lost;

    /// One connection.
    private static final class Line {
        private volatile boolean isMarked;
        private volatile boolean loses;
    }

    private TcpProxy(IntSupplier target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tcp-proxy").start(this::accept);
    }

    /// @param port of what is behind, on this machine
    public static TcpProxy to(int port) {
        return to(() -> port);
    }

    /// @param port asked for with each connection
    public static TcpProxy to(IntSupplier port) {
        try {
            return new TcpProxy(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /// All is well again.
    public void pass() {
        delay = Duration.ZERO;
        way = Way.PASS;
    }

    /// Every chunk takes so much longer.
    public void delay(Duration each) {
        delay = each;
        way = Way.PASS;
    }

    /// Cuts all connections, and takes no new ones.
    public void refuse() {
        way = Way.REFUSE;
        cut();
    }

    /// Never answers, but takes what it is told.
    public void halfClose() {
        way = Way.HALF_CLOSED;
    }

    /// Takes connections, and forwards nothing.
    public void blackHole() {
        way = Way.BLACK_HOLE;
    }

    /// Cuts all connections; new ones work.
    public void cut() {
        open.forEach(TcpProxy::reset);
        open.clear();
    }

    /// Cuts the connection on which this is told, instead of bringing the answer: it was done, and nobody knows.
    public void loseAnswerTo(String text) {
        follows = false;
        marks.set(1);
        mark = text;
    }

    /// Cuts the connection on which this is told for the nth time, instead of bringing the answer to what is told next
    /// on it: that was done, and nobody knows.
    public void loseAnswerAfter(String text, int nth) {
        follows = true;
        marks.set(nth);
        mark = text;
    }

    public boolean hasLostAnswer() {
        return lost;
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var near = listening.accept();
                if (way == Way.REFUSE) {
                    reset(near);
                    continue;
                }
                connect(near);
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private void connect(Socket near) {
        try {
            var far = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt());
            open.add(near);
            open.add(far);
            var line = new Line();
            Thread.ofVirtual().start(() -> pump(near, far, line, true));
            Thread.ofVirtual().start(() -> pump(far, near, line, false));
        } catch (IOException e) {
            reset(near); // nobody is there
        }
    }

    private void pump(Socket from, Socket to, Line line, boolean isTold) {
        try (from;
                to) {
            var buffer = new byte[16_384];
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                Thread.sleep(delay); // to be slow is its task here
                while (isHeld(isTold)) {
                    // Looked at now and then: no test measures how soon a network is well again.
                    Thread.sleep(5);
                }
                if (isTold) {
                    notice(line, new String(buffer, 0, count, StandardCharsets.UTF_8));
                } else if (line.loses) {
                    lost = true;
                    return;
                }
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException e) {
            // That is how connections end here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private void notice(Line line, String told) {
        if (line.isMarked) {
            line.loses = true;
        } else if (!mark.isEmpty() && told.contains(mark)) {
            line.isMarked = marks.decrementAndGet() == 0;
            line.loses = line.isMarked && !follows;
        }
    }

    private boolean isHeld(boolean isTold) {
        return way == Way.BLACK_HOLE || (way == Way.HALF_CLOSED && !isTold);
    }

    @Override
    public void close() {
        pass();
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }
}
