import type { CertificateView, ConnectionEdit, ConnectionView } from "./bindings";
import type { ConnectionGateway } from "./gateway-connection";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

const authority: CertificateView = {
  subject: "Harbour Authority Root",
  expires_at: "2031-05-01T00:00:00Z",
  expired: false,
  fingerprint: "4F:0C:19:A2",
};

/** What servers' addresses, files and the operator at the system's dialogs would do, for a test to set. */
export class MemoryConnections {
  /** By tenant, as far as it was changed. */
  readonly views = new Map<string, ConnectionView>();
  /** What the chosen files have; `null` when the dialog is closed. */
  authorities: CertificateView[] | null = [authority];
  certificate: CertificateView | null = { ...authority, subject: "Desk 4", fingerprint: "77:31:00:BC" };
  /** Whether the operator lets another server have the stored credential. */
  keeps = false;

  methods(answer: Answer, host: MemoryHost): ConnectionGateway {
    return {
      tenantConnection: answer("tenantConnection", (id: string) => this.#view(host, id)),
      tenantConnectionSave: answer(
        "tenantConnectionSave",
        (id: string, edit: ConnectionEdit, credentials: Record<string, string>) =>
          this.#save(host, id, edit, credentials),
      ),
      connectionAuthoritiesOpen: answer("connectionAuthoritiesOpen", () => this.authorities),
      connectionCertificateOpen: answer("connectionCertificateOpen", () => this.certificate),
      connectionForget: answer("connectionForget", () => undefined),
    };
  }

  #view(host: MemoryHost, id: string): ConnectionView {
    const remote = host.tenant(id).remote ?? rules.fail("not_now", "It is a local tenant.");
    const { connector, url, plain_http } = remote;
    const known = this.views.get(id);
    return (
      known ?? {
        connector,
        url,
        options: {},
        plain_http,
        authorities: [],
        client_certificate: null,
        proxy: { kind: "system" },
      }
    );
  }

  #save(
    host: MemoryHost,
    id: string,
    { url, options, plain_http, network }: ConnectionEdit,
    credentials: Record<string, string>,
  ): ConnectionView {
    const before = this.#view(host, id);
    if (url !== null && !/^https?:\/\/\S+$/u.test(url.trim())) rules.failField("address", { rule: "not_an_address" });
    const moves = url !== null && new URL(url).origin !== new URL(before.url).origin;
    const given = Object.entries(credentials).some(([name, text]) => name !== "proxy" && text.trim() !== "");
    const { name, remote } = host.tenant(id);
    if (moves && !given && !this.keeps) {
      // A session stays with its server.
      if (!remote?.signed_in) rules.failField("credential", { rule: "other_server" });
      remote.signed_in = false;
    }
    const { proxy } = network;
    if (proxy?.kind === "address" && !/^(https?|socks5):\/\/[^/@]+\/?$/u.test(proxy.url)) {
      rules.failField("proxy", { rule: proxy.url.includes("@") ? "password_inside" : "not_a_proxy" });
    }
    const chosen = <T>(choice: "none" | "chosen" | null, was: T, none: T, file: T | null): T =>
      choice === null ? was : choice === "none" ? none : (file ?? was);
    const view: ConnectionView = {
      connector: before.connector,
      url: url ?? before.url,
      options: options ?? before.options,
      plain_http: plain_http ?? before.plain_http,
      authorities: chosen(network.authorities, before.authorities, [], this.authorities),
      client_certificate: chosen(network.client_certificate, before.client_certificate, null, this.certificate),
      proxy: proxy ?? before.proxy,
    };
    this.views.set(id, view);
    if (remote) Object.assign(remote, { url: view.url, plain_http: view.plain_http });
    host.log("tenant_edited", name, { subject: name });
    return view;
  }
}
