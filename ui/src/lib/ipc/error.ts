import type { ErrorBody, ErrorCode, FieldProblem } from "./bindings";

/** A failure as Rust reports it. The window branches on `code`, never on the text. */
export class LatchkeyError extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.name = "LatchkeyError";
    this.body = body;
  }

  get code(): ErrorCode {
    return this.body.code;
  }

  get field(): FieldProblem | null {
    return this.body.field;
  }
}

function isErrorBody(value: unknown): value is ErrorBody {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Partial<ErrorBody>).code === "string" &&
    typeof (value as Partial<ErrorBody>).message === "string"
  );
}

/** Gives every rejection one shape, whatever it was thrown as. */
export function toLatchkeyError(reason: unknown): LatchkeyError {
  if (reason instanceof LatchkeyError) return reason;
  if (isErrorBody(reason)) {
    return new LatchkeyError({ ...reason, hint: reason.hint ?? null, field: reason.field ?? null });
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new LatchkeyError({ code: "failed", message, hint: null, field: null });
}
