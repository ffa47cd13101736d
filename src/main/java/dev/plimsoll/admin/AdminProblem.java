// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.admin;

import dev.plimsoll.adminapi.Problem;
import dev.plimsoll.db.DatabaseAway;

/// A failure that an operator should read.
public final class AdminProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    private AdminProblem(String type, String title, int status, String detail) {
        super(detail, null, false, false);
        this.problem = new Problem(type, title, status, detail);
    }

    Problem problem() {
        return problem;
    }

    /// The same, with where it is.
    AdminProblem at(String place) {
        return new AdminProblem(
                problem.type(), problem.title(), problem.status(), place + ": " + problem.detail());
    }

    static AdminProblem notFound(String what) {
        return new AdminProblem("not-found", "Not found", 404, what);
    }

    static AdminProblem invalid(String what) {
        return new AdminProblem("invalid", "Invalid request", 400, what);
    }

    static AdminProblem wrongMethod(String allowed) {
        return new AdminProblem(
                "method-not-allowed", "Method not allowed", 405, "this address takes " + allowed);
    }

    static AdminProblem conflict(String what) {
        return new AdminProblem("conflict", "Not possible now", 409, what);
    }

    static AdminProblem away() {
        return new AdminProblem("away", "The database is away", 503, DatabaseAway.WORDS);
    }

    static AdminProblem unauthorized() {
        return new AdminProblem(
                "unauthorized",
                "Not authorised",
                401,
                "the token is missing or wrong; it stands in the file admin-token in the instance's data directory");
    }
}
