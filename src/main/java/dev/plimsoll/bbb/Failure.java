// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.bbb;

/// Why a server gave no usable answer.
///
/// @param reason in an operator's words, such as `refuses connections`; without the address or the query
public record Failure(Trouble trouble, String reason) {

    /// It does not answer in time, in other words than usual.
    public static Failure silent(String reason) {
        return new Failure(Trouble.SILENT, reason);
    }

    static Failure refused(String reason) {
        return new Failure(Trouble.REFUSED, reason);
    }

    /// It answers, but not what BigBlueButton would.
    public static Failure broken(String reason) {
        return new Failure(Trouble.BROKEN, reason);
    }

    /// It answers HTTP, but not with a status of success.
    public static Failure status(int status) {
        return broken("answers HTTP " + status);
    }

    static Failure notXml() {
        return broken("answers something that is not XML");
    }

    /// It says that our checksum is wrong.
    // We signed the call, not the frontend: its checksum is right, our secret for this server is
    // not.
    static Failure secret() {
        return new Failure(Trouble.SECRET, "refuses our secret");
    }

    /// For who waited for somebody else's question to a server, and no longer.
    public static Failure late() {
        return silent("does not answer in time");
    }

    @Override
    public String toString() {
        return reason;
    }
}
