import type { BatchDraft, BatchEnd, BatchList, BatchPreview, BatchProgress, BatchView } from "./bindings";
import type { BatchGateway } from "./gateway-batches";
import type { Answer } from "./memory-host";
import * as rules from "./memory-rules";

/** What Rust and the operator at the system's dialogs would do about batches, for a test to set. */
export class MemoryBatches {
  /** The list that is chosen; `null` when the dialog is closed. */
  list: BatchList | null = null;
  progress: BatchProgress | null = null;
  unfinished: BatchView[] = [];
  /** Whether the save dialog is closed without a choice. */
  closesDialog = false;
  #end: ((end: BatchEnd) => void) | null = null;
  #total = 0;

  /** Ends the batch that runs, as done. */
  finish(): void {
    this.#settle({
      kind: "done",
      summary: {
        id: "batch",
        tenant: "Harbour Authority",
        keys: this.#total,
        file: "/home/port/keys.csv",
        delivery: "csv",
        sealed: false,
        first: "device-001",
        last: `device-${this.#total}`,
        expires_at: null,
      },
    });
  }

  preview(pattern: string, count: number): BatchPreview {
    if (!Number.isInteger(count) || count < 1 || count > 1_000_000) {
      rules.failField("count", { rule: "out_of_range", min: 1, max: 1_000_000 });
    }
    if (count > 1 && !/\{n(:\d+)?\}/.test(pattern)) rules.failField("name", { rule: "pattern" });
    if (pattern.trim() === "") rules.failField("name", { rule: "required" });
    const name = (number: number): string =>
      rules.checkText(
        pattern.replace(/\{n(?::(\d+))?\}/g, (_, digits: string | undefined) =>
          String(number).padStart(Number(digits ?? 0), "0"),
        ),
        "name",
        100,
      );
    const first = [1, 2, 3].filter((number) => number <= count).map(name);
    return { keys: count, first, last: count > 3 ? name(count) : null, same_name: 0, recipients: 0 };
  }

  run(draft: BatchDraft): Promise<BatchEnd | null> {
    if (draft.names.kind === "pattern") this.#total = this.preview(draft.names.pattern, draft.names.count).keys;
    else this.#total = this.list?.preview.keys ?? rules.failField("names", { rule: "required" });
    if (draft.recipients.some((recipient) => !recipient.startsWith("age1"))) {
      rules.failField("recipients", { rule: "unknown" });
    }
    return this.closesDialog ? Promise.resolve(null) : this.#running();
  }

  resume(id: string): Promise<BatchEnd> {
    this.#total = this.#take(id).total;
    return this.#running();
  }

  undo(id: string): void {
    this.#take(id);
  }

  cancel(): void {
    this.#settle({ kind: "cancelled" });
  }

  #take(id: string): BatchView {
    const batch = this.unfinished.find((one) => one.id === id) ?? rules.fail("not_found", "No such batch.");
    this.unfinished = this.unfinished.filter((one) => one !== batch);
    return batch;
  }

  #running(): Promise<BatchEnd> {
    this.progress = { drawn: 0, listed: 0, total: this.#total };
    return new Promise((resolve) => (this.#end = resolve));
  }

  #settle(end: BatchEnd): void {
    this.progress = null;
    this.#end?.(end);
    this.#end = null;
  }
}

export function batchMethods(answer: Answer, batches: MemoryBatches): BatchGateway {
  return {
    batchPreview: answer("batchPreview", (pattern: string, count: number) => batches.preview(pattern, count)),
    batchNames: answer("batchNames", (_tenant: string) => batches.list),
    batchRun: answer("batchRun", (draft: BatchDraft) => batches.run(draft)),
    batchCancel: answer("batchCancel", () => {
      batches.cancel();
    }),
    batchProgress: answer("batchProgress", () => batches.progress),
    batchUnfinished: answer("batchUnfinished", () => batches.unfinished),
    batchResume: answer("batchResume", (batch: string) => batches.resume(batch)),
    batchUndo: answer("batchUndo", (batch: string) => {
      batches.undo(batch);
    }),
  };
}
