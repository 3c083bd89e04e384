import type {
  BundleCodes,
  BundleDraft,
  BundleExported,
  BundlePreview,
  BundleState,
  CodeView,
  Download,
  PublicKeyView,
  SigningKeyReplaced,
  SigningKeyRotated,
} from "./bindings";

/** Verifier bundles of local tenants. Where files go, Rust asks. */
export interface BundleGateway {
  bundleState(tenant: string): Promise<BundleState>;
  /** Makes the signing key where there is none. */
  bundlePublicKey(tenant: string): Promise<PublicKeyView>;
  bundlePreview(draft: BundleDraft): Promise<BundlePreview>;
  /** `null`: the dialog that Rust opens was closed. */
  bundleExport(draft: BundleDraft): Promise<BundleExported | null>;
  /** Exports as QR codes, which `bundleCode` draws from then on. */
  bundleCodes(draft: BundleDraft): Promise<BundleCodes>;
  /** A code of that series, counted from 1; there is no last one. */
  bundleCode(number: number): Promise<CodeView>;
  bundleCodesClose(): Promise<void>;
  /** Saves a page with all of it in one code. */
  bundleCodesSave(): Promise<Download>;
  /** Saves the public key: as minisign reads it, or as a page to print. */
  bundleKeySave(tenant: string, page: boolean): Promise<Download>;
  /** A new signing key, which the old one endorses in a file. `null`: no place was chosen for that. */
  signingKeyRotate(tenant: string, reason: string | null): Promise<SigningKeyRotated | null>;
  /** A new signing key in the place of a lost one: nothing endorses it. */
  signingKeyReplace(tenant: string, reason: string | null): Promise<SigningKeyReplaced>;
  /** Saves the newest endorsement once more. */
  signingKeyEndorsement(tenant: string): Promise<Download>;
}
