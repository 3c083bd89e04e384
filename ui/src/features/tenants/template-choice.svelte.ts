import { type Gateway, type LatchkeyError, type Template, toLatchkeyError } from "../../lib/ipc";

/** The value that stands for the template from a file. */
const fromFile = "from-file";

/** The templates that a new tenant can start from, and the one that is chosen. */
export class TemplateChoice {
  templates = $state.raw<Template[]>([]);
  own = $state.raw<Template | null>(null);
  value = $state("blank");
  problem = $state.raw<LatchkeyError | null>(null);

  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  get chosen(): Template | null {
    if (this.value === fromFile) return this.own;
    return this.templates.find((template) => template.id === this.value) ?? null;
  }

  /** What the tenant's draft says of it. */
  get draft(): { template: string | null; own_template?: Template } {
    return this.value === fromFile && this.own
      ? { template: null, own_template: this.own }
      : { template: this.value === "blank" ? null : this.value };
  }

  options(fileLabel: (name: string) => string): { value: string; label: string }[] {
    const own = this.own ? [{ value: fromFile, label: fileLabel(this.own.name) }] : [];
    return [...this.templates.map((template) => ({ value: template.id, label: template.name })), ...own];
  }

  async load(): Promise<void> {
    try {
      this.templates = await this.#gateway.templateList();
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  /** Whether a file was chosen and is a template. */
  async open(): Promise<boolean> {
    this.problem = null;
    try {
      const own = await this.#gateway.templateOpen();
      if (own === null) return false;
      this.own = own;
      this.value = fromFile;
      return true;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return false;
    }
  }
}
