// An authority of a test's own, made with openssl: certificates for a server on loopback and for whoever asks it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { run } from "./processes";

export class Authority {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  static async make(folder: string, name: string, env: NodeJS.ProcessEnv): Promise<Authority> {
    mkdirSync(folder);
    const authority = new Authority(folder, env);
    const { key, file } = authority;
    await authority.#openssl(
      "req",
      "-x509",
      ...authority.#fresh(key),
      "-out",
      file,
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
    );
    return authority;
  }

  /** Its certificate, as a PEM file. */
  get file(): string {
    return join(this.folder, "authority.pem");
  }

  private get key(): string {
    return join(this.folder, "authority.key");
  }

  /** A server with this address or name. */
  async server(name: string): Promise<{ key: string; cert: string }> {
    const kind = /^[\d.]+$/u.test(name) ? "IP" : "DNS";
    await this.#sign("server", name, `subjectAltName=${kind}:${name}\nextendedKeyUsage=serverAuth\n`);
    return { key: this.#read("server.key"), cert: this.#read("server.pem") };
  }

  /** Somebody who asks: one file with the certificate and its key, as people are given it. */
  async client(name: string): Promise<{ file: string; key: string }> {
    await this.#sign("client", name, "extendedKeyUsage=clientAuth\n");
    const file = join(this.folder, "desk.pem");
    const key = this.#read("client.key");
    writeFileSync(file, this.#read("client.pem") + key, { mode: 0o600 });
    return { file, key };
  }

  async #sign(what: string, name: string, extensions: string): Promise<void> {
    const [key, request, ext, out] = ["key", "csr", "ext", "pem"].map((end) => join(this.folder, `${what}.${end}`));
    writeFileSync(ext!, extensions);
    await this.#openssl("req", ...this.#fresh(key!), "-out", request!, "-subj", `/CN=${name}`);
    const signed = ["-CA", this.file, "-CAkey", this.key, "-CAcreateserial", "-days", "30", "-extfile", ext!];
    await this.#openssl("x509", "-req", "-in", request!, ...signed, "-out", out!);
  }

  #fresh(key: string): string[] {
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
  }

  #read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  async #openssl(...args: string[]): Promise<void> {
    const { status, stderr } = await run("openssl", args, this.#env);
    if (status !== 0) throw new Error(stderr);
  }
}
