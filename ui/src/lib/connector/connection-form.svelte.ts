import {
  type CertificateView,
  type ConnectionView,
  type FileChoice,
  type Gateway,
  type LatchkeyError,
  type NetworkEdit,
  type ProxyChoice,
  toLatchkeyError,
} from "../ipc";

/** The way to a server, as it is being chosen: own authorities, client certificate, proxy. */
export class ConnectionForm {
  authorities = $state.raw<CertificateView[]>([]);
  certificate = $state.raw<CertificateView | null>(null);
  proxy = $state<ProxyChoice["kind"]>("system");
  proxyUrl = $state("");
  signsIn = $state(false);
  user = $state("");
  password = $state("");
  /** What is wrong with a file that was chosen, and which one. */
  fault = $state.raw<{ at: "authorities" | "client_certificate"; error: LatchkeyError } | null>(null);

  readonly #gateway: Gateway;
  readonly #before: ProxyChoice;
  #authorities: FileChoice | null = null;
  #certificate: FileChoice | null = null;

  constructor(gateway: Gateway, view: ConnectionView | null = null) {
    this.#gateway = gateway;
    const proxy = view?.proxy ?? { kind: "system" };
    // As people write it.
    this.#before = proxy.kind === "address" ? { ...proxy, url: proxy.url.replace(/\/$/u, "") } : proxy;
    if (!view) return;
    this.authorities = view.authorities;
    this.certificate = view.client_certificate;
    this.proxy = this.#before.kind;
    if (this.#before.kind === "address") {
      this.proxyUrl = this.#before.url;
      this.signsIn = this.#before.signs_in;
    }
  }

  /** Whether what the proxy is signed in to with lies in the vault. It was given for this very proxy. */
  get hasStoredSignIn(): boolean {
    const before = this.#before;
    return before.kind === "address" && before.signs_in && before.url === this.proxyUrl.trim();
  }

  get edit(): NetworkEdit {
    const proxy = this.#proxy();
    return {
      authorities: this.#authorities,
      client_certificate: this.#certificate,
      proxy: JSON.stringify(proxy) === JSON.stringify(this.#before) && !this.#signIn ? null : proxy,
    };
  }

  get isChanged(): boolean {
    const { authorities, client_certificate, proxy } = this.edit;
    return authorities !== null || client_certificate !== null || proxy !== null;
  }

  get credentials(): Record<string, string> {
    return this.#signIn ? { proxy: this.#signIn } : {};
  }

  async chooseAuthorities(): Promise<boolean> {
    return this.#choose("authorities", async () => {
      const found = await this.#gateway.connectionAuthoritiesOpen();
      if (found === null) return false;
      this.authorities = found;
      this.#authorities = "chosen";
      return true;
    });
  }

  async chooseCertificate(): Promise<boolean> {
    return this.#choose("client_certificate", async () => {
      const found = await this.#gateway.connectionCertificateOpen();
      if (found === null) return false;
      this.certificate = found;
      this.#certificate = "chosen";
      return true;
    });
  }

  removeAuthorities(): void {
    this.authorities = [];
    this.#authorities = "none";
    this.fault = null;
  }

  removeCertificate(): void {
    this.certificate = null;
    this.#certificate = "none";
    this.fault = null;
  }

  /** What was typed is not kept, nor what was chosen. */
  forget(): void {
    this.user = "";
    this.password = "";
    void this.#gateway.connectionForget();
  }

  async #choose(at: "authorities" | "client_certificate", choose: () => Promise<boolean>): Promise<boolean> {
    try {
      const done = await choose();
      if (done) this.fault = null;
      return done;
    } catch (reason) {
      this.fault = { at, error: toLatchkeyError(reason) };
      return false;
    }
  }

  #proxy(): ProxyChoice {
    if (this.proxy !== "address") return { kind: this.proxy };
    return { kind: "address", url: this.proxyUrl.trim(), signs_in: this.signsIn };
  }

  get #signIn(): string | null {
    const { proxy, signsIn, user, password } = this;
    return proxy === "address" && signsIn && (user || password) ? `${user}:${password}` : null;
  }
}
