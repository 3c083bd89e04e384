import type { Decision } from "./bindings";

/** Whether a local tenant accepts a key. Its text stays in Rust. */
export interface VerifyGateway {
  /** Decides about the key that is on the clipboard. */
  verifyCopied(tenant: string): Promise<Decision>;
  /** Decides about the key in the file that the operator chooses in Rust's dialog; `null` when it was closed. */
  verifyFile(tenant: string): Promise<Decision | null>;
}
