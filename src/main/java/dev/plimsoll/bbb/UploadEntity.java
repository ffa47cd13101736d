// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Writes an upload to a server piece by piece. The server's time stands still while we wait for the sender.
final class UploadEntity extends AbstractHttpEntity {

    private static final int PIECE = 32_768;

    /// How much a server must take in its time: the largest documents need more than a small answer.
    private static final int STRETCH = 1_000_000;

    private final Upload upload;
    private final Alarm alarm;
    private final Runnable cutOff;

    /// @param cutOff breaks the connection to the server
    UploadEntity(Upload upload, Alarm alarm, Runnable cutOff) {
        super(
                upload.contentType().isEmpty() ? null : upload.contentType(), // as it came
                null,
                upload.length().isEmpty());
        this.upload = upload;
        this.alarm = alarm;
        this.cutOff = cutOff;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        long sent = 0;
        alarm.beginAnew(); // connecting is over
        for (int n = next(piece); n >= 0; n = next(piece)) {
            out.write(piece, 0, n);
            out.flush();
            sent += n;
            if (sent >= STRETCH) {
                sent = 0;
                alarm.beginAnew();
            }
        }
    }

    private int next(byte[] piece) {
        alarm.rest();
        boolean well = false;
        try {
            int n = upload.source().read(piece);
            well = true;
            return n;
        } finally {
            if (!well) {
                // Before the client ends the body in good order: half a document must not look
                // whole.
                cutOff.run();
            }
            alarm.goOn();
        }
    }

    @Override
    public long getContentLength() {
        return upload.length().orElse(-1);
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    /// The library's interface has this for the bodies of answers. Of a request's it asks only [#writeTo], and what
    /// was passed on is not here any more to be read.
    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("is written, not read");
    }

    @Override
    public void close() {}
}
