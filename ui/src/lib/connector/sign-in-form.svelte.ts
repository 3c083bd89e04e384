import type { Connector, ConnectorAsk, ConnectorQuestion, LatchkeyError, SignInChoice } from "../ipc";

/** What a server asks to let somebody in, as it is being typed, and what it then offers. */
export class SignInForm {
  readonly #questions: ConnectorQuestion[];
  /** Options that are chosen of what the server offers. */
  readonly chosen: ConnectorAsk[];
  typed = $state<Record<string, string>>({});
  /** Questions that may be left out, until the server asks for them. */
  #wanted = $state.raw<ReadonlySet<string>>(new Set());
  /** What the server offers to who has signed in; `null` while nobody has. */
  choices = $state.raw<SignInChoice[] | null>(null);

  constructor(connector: Connector) {
    this.#questions = connector.questions;
    this.chosen = connector.options.filter((option) => option.chosen);
    this.forget();
  }

  get questions(): ConnectorQuestion[] {
    return this.#questions.filter((one) => !one.optional || this.#wanted.has(one.id));
  }

  /** What is not shown while it is typed is taken as it is; spaces around the rest are nobody's. */
  get answers(): Record<string, string> {
    const answered = this.questions.map((one) => {
      const typed = this.typed[one.id] ?? "";
      return [one.id, one.secret ? typed : typed.trim()] as const;
    });
    return Object.fromEntries(answered.filter(([, answer]) => answer !== ""));
  }

  /** Shows the field that the server asks for. */
  note(problem: LatchkeyError): void {
    const field = problem.field;
    if (field?.rule === "answer_wanted") this.#wanted = new Set([...this.#wanted, field.id]);
  }

  offered(option: string): SignInChoice[] {
    return this.choices?.filter((one) => one.option === option) ?? [];
  }

  /** Nothing of what was typed is kept. */
  forget(): void {
    this.typed = Object.fromEntries(this.#questions.map((one) => [one.id, ""]));
  }
}

/** Which question is at fault. */
export function questionAtFault(problem: LatchkeyError | null): string | null {
  const field = problem?.field;
  return field?.rule === "answer_wanted" || field?.rule === "answer_wrong" ? field.id : null;
}
