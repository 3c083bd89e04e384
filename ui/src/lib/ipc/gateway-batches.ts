import type { BatchDraft, BatchEnd, BatchList, BatchPreview, BatchProgress, BatchView } from "./bindings";

/** Many keys in one run. Rust asks where they go, writes them there, and never hands one to the window. */
export interface BatchGateway {
  batchPreview(pattern: string, count: number): Promise<BatchPreview>;
  /** Rust opens the system's dialog and remembers what it read, where each name is one for the tenant's keys; `null` when the dialog was closed. */
  batchNames(tenant: string): Promise<BatchList | null>;
  /** Answers when the batch has ended; `null` when the dialog that asks for a place was closed. */
  batchRun(draft: BatchDraft): Promise<BatchEnd | null>;
  batchCancel(): Promise<void>;
  /** `null` when none is running. */
  batchProgress(): Promise<BatchProgress | null>;
  /** The batches that were interrupted. */
  batchUnfinished(): Promise<BatchView[]>;
  batchResume(batch: string): Promise<BatchEnd>;
  batchUndo(batch: string): Promise<void>;
}
