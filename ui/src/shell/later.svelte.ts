import type * as Parts from "./later-parts";

/** Dialogs, details and the other pages: their code is read after the first painting, or when somebody is faster. */
class Later {
  parts = $state.raw<typeof Parts | null>(null);
  #reading: Promise<typeof Parts> | undefined;

  read(): Promise<typeof Parts> {
    this.#reading ??= import("./later-parts").then((parts) => (this.parts = parts));
    return this.#reading;
  }
}

/** One of those parts, as whoever binds it has it. */
export type Part<Name extends keyof typeof Parts> = ReturnType<(typeof Parts)[Name]>;

/** Code is the same for every window of a page, so there is one of it. */
export const later = new Later();
