// SPDX-License-Identifier: Apache-2.0
package dev.plimsoll.simulator;

import dev.plimsoll.bbb.XmlWriting;
import dev.plimsoll.http.Request;
import dev.plimsoll.http.Response;

/// The version document at the root of the API; needs no checksum.
record RootDocument(SimulatorSettings settings, Address address) {

    private static final String PLUGIN_SDK = "0.0.90";

    Response answer(Request request) {
        // BBB: the request's content type, not what it accepts, decides about JSON
        boolean json =
                request.header("Content-Type").filter("application/json"::equals).isPresent();
        return json ? json() : xml();
    }

    private String version() {
        return switch (settings.reveal()) {
            case SHOWN -> settings.version();
            case HIDDEN -> "";
        };
    }

    private String websocketUrl() {
        return address.url().replaceFirst("^http", "ws") + "/graphql";
    }

    private String restUrl() {
        return address.url() + "/api/rest";
    }

    private Response xml() {
        return Answers.freshXml(
                XmlWriting.success()
                        .leaf("version", "2.0")
                        .leaf("apiVersion", "2.0")
                        .leaf("bbbVersion", version())
                        .leaf("graphqlWebsocketUrl", websocketUrl())
                        .leaf("graphqlApiUrl", restUrl())
                        .leaf("html5PluginSdkVersion", PLUGIN_SDK)
                        .end());
    }

    private Response json() {
        var body =
                """
                {
                    "response": {
                        "returncode": "SUCCESS",
                        "version": "2.0",
                        "apiVersion": "2.0",
                        "bbbVersion": "%s",
                        "graphqlWebsocketUrl": "%s",
                        "graphqlApiUrl": "%s",
                        "html5PluginSdkVersion": "%s"
                    }
                }\
                """
                        .formatted(version(), websocketUrl(), restUrl(), PLUGIN_SDK);
        return Response.of(200, Answers.JSON, body).with("Cache-Control", "no-cache");
    }
}
