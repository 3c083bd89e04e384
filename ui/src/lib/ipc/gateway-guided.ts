import type { Capability, GuideView, PastedKey, RecordDraft, RecordedKey } from "./bindings";

/** Keys that a person makes in a vendor's own pages. Their texts stay in Rust. */
export interface GuidedGateway {
  /** What a person does there, and where it begins. */
  guide(tenant: string, capability: Capability): Promise<GuideView>;
  /** Opens that page in the system's browser; Rust knows the address. */
  guideOpen(tenant: string, capability: Capability): Promise<void>;
  /** Takes the key that is on the clipboard. */
  keyPaste(tenant: string): Promise<PastedKey>;
  /** Takes the key out of the file that the operator chooses in Rust's dialog; `null` when it was closed. */
  keyReadFile(tenant: string): Promise<PastedKey | null>;
  /** Wipes a key that was pasted or read. */
  keyPasteForget(id: string): Promise<void>;
  /** Records the key that was pasted or read, and wipes it there; after a failure it waits on. */
  keyRecord(draft: RecordDraft, pasted: string): Promise<RecordedKey>;
}
