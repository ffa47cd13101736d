// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.gateway;

import dev.plimsoll.bbb.Checksum;
import dev.plimsoll.bbb.Params;
import dev.plimsoll.bbb.ServerCall;
import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.db.DatabaseAway;
import dev.plimsoll.gateway.ApiCall.Call;
import dev.plimsoll.gateway.ApiCall.Method;
import dev.plimsoll.http.Handler;
import dev.plimsoll.http.Limit;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;
import dev.plimsoll.telemetry.Metrics;
import dev.plimsoll.tenant.Tenant;
import dev.plimsoll.tenant.TenantDirectory;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The BigBlueButton API over HTTP: finds the call, verifies the checksum over the raw query, and only then looks
/// at parameters. What a call answers becomes HTTP here and nowhere else.
public final class Gateway implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final String XML = "text/xml;charset=utf-8";
    private static final String JSON = "application/json;charset=utf-8";
    private static final String HTML = "text/html;charset=utf-8";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data";
    private static final String CHECKSUM_HASH = "checksumHash";

    /// Bytes of a form, which is read before its checksum is known. BigBlueButton takes as much.
    private static final int MAX_FORM = 2_000_000;

    private record Route(ApiCall call, CounterDataPoint answered, CounterDataPoint failed) {}

    /// Bytes of bodies in memory at one time: of calls with a checksum in the address, and of forms without.
    private static final int SIGNED_ROOM = 40_000_000;

    private static final int FORM_ROOM = 10_000_000;

    private final BodyRoom signedBodies = new BodyRoom(SIGNED_ROOM);
    private final BodyRoom formBodies = new BodyRoom(FORM_ROOM);
    private final InFlight inFlight;
    private final Metrics metrics;
    private final TenantDirectory tenants;
    private final GatewaySettings settings;
    private final Map<String, Route> routes = new HashMap<>();
    private final Counter requests;

    public Gateway(
            TenantDirectory tenants, Calls calls, GatewaySettings settings, Metrics metrics) {
        this.tenants = tenants;
        this.settings = settings;
        this.metrics = metrics;
        this.inFlight = new InFlight(settings.maxRequests(), settings.maxRequestsPerCaller());
        this.requests =
                metrics.counter(
                        "plimsoll_api_requests",
                        "Calls of the API by call and outcome.",
                        "call",
                        "outcome");
        for (ApiCall call : calls.all()) {
            routes.put(
                    call.name(),
                    new Route(
                            call,
                            requests.labelValues(call.name(), "answered"),
                            requests.labelValues(call.name(), "failed")));
        }
    }

    @Override
    public String path() {
        return "/bigbluebutton";
    }

    @Override
    public Response handle(Request request) throws InterruptedException {
        String name = callName(request.path());
        return ErrorForm.of(name, request).fit(answer(name, request));
    }

    private Response answer(String name, Request request) throws InterruptedException {
        if (name.isEmpty()) {
            return RootDocument.answer(request);
        }
        var route = routes.get(name);
        if (route == null) {
            requests.labelValues("unknown", "failed").inc();
            return failed(ApiFault.unsupported());
        }
        var withoutCall = Verbs.answer(route.call, request);
        if (withoutCall.isPresent()) {
            return withoutCall.get();
        }
        try (var _ = inFlight.enter(request.caller())) {
            var response = answer(route.call, request);
            route.answered.inc();
            return response;
        } catch (DatabaseAway away) {
            LOG.atDebug().setCause(away).log("a call failed, since the database is away");
            route.failed.inc();
            return xml(
                    route.call.failed(new ApiFault(ApiFault.INTERNAL_ERROR, DatabaseAway.WORDS)));
        } catch (ApiFault fault) {
            route.failed.inc();
            return xml(route.call.failed(fault));
        } catch (LimitMet met) {
            route.failed.inc();
            metrics.limited(met.limit());
            return met.isBusy() ? busy(met.fault()) : failed(met.fault());
        }
    }

    @Override
    public void limited(Limit limit) {
        metrics.limited(limit.word());
    }

    /// Not 200 as other faults: proxies and clients must see that nothing is wrong with the request.
    private static Response busy(ApiFault fault) {
        return Response.of(503, XML, XmlWriting.failed(fault.messageKey(), fault.text()))
                .with("Cache-Control", "no-cache")
                .with("Retry-After", "1");
    }

    @Override
    public Response refused(int status, String key, String message) {
        return Response.of(status, XML, XmlWriting.failed(key, message))
                .with("Cache-Control", "no-cache");
    }

    @Override
    public Response refused(Request request, int status, String key, String message) {
        return ErrorForm.of(callName(request.path()), request).fit(refused(status, key, message));
    }

    /// `/bigbluebutton/api/create/` is the call `create`; the root, with or without `/api`, is none.
    private String callName(String path) {
        String rest = path.substring(path().length());
        int end = rest.endsWith("/") ? rest.length() - 1 : rest.length();
        if (rest.equals("/api") || end <= 0) {
            return "";
        }
        return rest.startsWith("/api/") ? rest.substring(Math.min(5, end), end) : "/" + rest;
    }

    private Response answer(ApiCall call, Request request) throws InterruptedException {
        requireMethod(call, request.method());
        var tenant = tenants.standard();
        var query = Params.parse(asciiQuery(request));
        if (!call.isSigned()) {
            requireContentType(call, request);
            requireLimits(query);
            return respond(call.handle(new Call(tenant, query, query, Optional.empty(), request)));
        }
        if (call.streams()) {
            return respond(call.handle(unread(call, request, tenant, query)));
        }
        var checksum = query.find("checksum");
        checksum.ifPresent(given -> verify(tenant, call, request.query(), query, given));
        if (checksum.isEmpty() && !hasType(request, FORM)) {
            throw noChecksum(call, request); // without reading what a stranger sends
        }
        requireContentType(call, request);
        int limit =
                hasType(request, FORM)
                        ? Math.min(MAX_FORM, settings.maxBody())
                        : settings.maxBody();
        // Strangers who sign nothing take no room from those who do.
        try (var _ = (checksum.isPresent() ? signedBodies : formBodies).take(request, limit)) {
            return respond(
                    call.handle(verified(call, request, tenant, query, request.body(limit))));
        }
    }

    private static String asciiQuery(Request request) {
        String raw = request.query();
        if (raw.indexOf('\uFFFD') >= 0) {
            // The HTTP server loses bytes beyond ASCII, so their checksum cannot be verified.
            throw new ApiFault(
                    ApiFault.CHECKSUM_ERROR,
                    "Characters beyond ASCII must be percent-encoded in the address");
        }
        return raw;
    }

    private static ApiFault noChecksum(ApiCall call, Request request) {
        return hasType(request, MULTIPART)
                ? new ApiFault(
                        ApiFault.CHECKSUM_ERROR,
                        "With a multipart body, put the checksum into the address")
                : call.wrongChecksum();
    }

    /// A call that is verified before anything of its body is read.
    private Call unread(ApiCall call, Request request, Tenant tenant, Params query) {
        var checksum = query.find("checksum").orElseThrow(() -> noChecksum(call, request));
        verify(tenant, call, request.query(), query, checksum);
        requireContentType(call, request);
        var plain = query.only(Gateway::isPlain);
        requireLimits(plain);
        return new Call(tenant, plain, plain, Optional.empty(), request);
    }

    private Call verified(
            ApiCall call, Request request, Tenant tenant, Params query, byte[] bytes) {
        boolean form = hasType(request, FORM);
        var posted = form ? form(bytes) : Params.NONE;
        if (query.find("checksum").isEmpty()) {
            // BBB: the checksum may stand in the form body, but covers the query only
            verify(
                    tenant,
                    call,
                    request.query(),
                    query.and(posted),
                    posted.find("checksum").orElse(""));
        }
        var plain = query.only(Gateway::isPlain);
        var plainForm = posted.only(Gateway::isPlain);
        var all = plain.and(plainForm);
        requireLimits(all);
        if (bytes.length > 0
                && hasType(request, MULTIPART)
                && call.bodies() != ApiCall.Bodies.MULTIPART
                && plain.find("meetingID").isEmpty()) {
            throw new ApiFault(
                    ApiFault.UNSUPPORTED_CONTENT_TYPE,
                    "With a multipart body, put the parameters into the address");
        }
        return new Call(tenant, all, plain, body(request, bytes, form, plainForm), request);
    }

    /// @param params where the caller may name its digest
    private static void verify(
            Tenant tenant, ApiCall call, String rawQuery, Params params, String checksum) {
        String signed = Checksum.cut(rawQuery, checksum);
        boolean named =
                params.filled(CHECKSUM_HASH)
                        .filter(digest -> !Checksum.isOf(digest, checksum))
                        .isEmpty();
        if (!named
                || !Checksum.matches(
                        checksum, call.name(), signed, tenant.secrets(), tenant.algorithms())) {
            throw call.wrongChecksum();
        }
    }

    /// Whether it belongs to the call itself, not to its signature.
    private static boolean isPlain(Params.Param param) {
        return !param.name().equals("checksum") && !param.name().equals(CHECKSUM_HASH);
    }

    private static boolean hasType(Request request, String type) {
        return request.contentType().filter(type::equals).isPresent();
    }

    /// Counted before they are taken apart: a megabyte of `&` would become many of objects.
    private Params form(byte[] body) {
        int separators = 0;
        for (byte b : body) {
            separators += b == '&' ? 1 : 0;
        }
        if (separators > settings.maxParams()) {
            throw tooMany();
        }
        return Params.parse(new String(body, StandardCharsets.UTF_8));
    }

    private void requireLimits(Params params) {
        if (params.size() > settings.maxParams()) {
            throw tooMany();
        }
        for (Params.Param param : params) {
            if (param.value().length() > settings.maxValue()) {
                throw LimitMet.tooLarge(
                        "value",
                        "A parameter is longer than %d characters".formatted(settings.maxValue()));
            }
        }
    }

    private LimitMet tooMany() {
        return LimitMet.tooLarge(
                "params", "The call has more than %d parameters".formatted(settings.maxParams()));
    }

    private static Optional<ServerCall.Body> body(
            Request request, byte[] bytes, boolean form, Params posted) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        return form
                ? Optional.of(
                        new ServerCall.Body(FORM, posted.query().getBytes(StandardCharsets.UTF_8)))
                : Optional.of(
                        new ServerCall.Body(request.header("Content-Type").orElse(""), bytes));
    }

    private static void requireMethod(ApiCall call, String method) {
        boolean allowed =
                switch (method) {
                    case "GET", "HEAD" -> call.methods().contains(Method.GET);
                    case "POST" -> call.methods().contains(Method.POST);
                    default -> false;
                };
        if (!allowed) {
            throw ApiFault.unsupported();
        }
    }

    // BBB: the rule looks at requests with a body only; the PHP library sends a content type with
    // every GET
    private static void requireContentType(ApiCall call, Request request) {
        if (!request.hasBody()) {
            return;
        }
        String type = request.contentType().orElse("");
        boolean xml = type.equals("application/xml") || type.equals("text/xml");
        boolean form = type.equals(FORM) || type.equals(MULTIPART);
        boolean fits =
                switch (call.bodies()) {
                    case FORM -> form;
                    case XML -> xml;
                    case FORM_OR_XML -> form || xml;
                    case JSON -> type.equals("application/json");
                    case MULTIPART -> type.equals(MULTIPART);
                };
        if (!fits) {
            throw ApiFault.contentType();
        }
    }

    private static Response respond(Reply reply) {
        return switch (reply) {
            case Reply.Xml(byte[] document, Reply.Caching caching) ->
                    switch (caching) {
                        case FORBIDDEN -> xml(document);
                        case UNSAID -> Response.of(200, XML, document);
                    };
            case Reply.Redirect(String location) -> Response.redirect(location);
            case Reply.Page(Response page) -> page;
            case Reply.Text(String text) -> Response.of(200, HTML, text);
            case Reply.Json(byte[] document) -> Response.of(200, JSON, document);
            case Reply.Raw(int status, String contentType, byte[] body) ->
                    Response.of(status, contentType, body).with("Cache-Control", "no-cache");
            case Reply.WithCookie(Reply answer, String cookie) ->
                    respond(answer).with("Set-Cookie", cookie);
            case Reply.Incomplete(Reply answer, String what) ->
                    respond(answer).with("X-Plimsoll-Incomplete", what);
        };
    }

    private static Response failed(ApiFault fault) {
        return xml(XmlWriting.failed(fault.messageKey(), fault.text()));
    }

    private static Response xml(byte[] document) {
        return Response.of(200, XML, document).with("Cache-Control", "no-cache");
    }
}
