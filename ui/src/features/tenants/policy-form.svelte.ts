import type { KeepPolicy, Policy } from "../../lib/ipc";

/** A tenant's rules as they stand in the form: numbers as typed, so that nothing is lost while they are wrong. */
export class PolicyForm {
  ceiling = $state("");
  warning = $state("");
  allowNever = $state(true);
  requireSet = $state(false);
  keep = $state<KeepPolicy>("offer");
  readonly #before: Policy;

  constructor(policy: Policy) {
    this.#before = policy;
    this.ceiling = policy.max_lifetime_days === null ? "" : String(policy.max_lifetime_days);
    this.warning = String(policy.warning_days);
    this.allowNever = policy.allow_never;
    this.requireSet = policy.require_api_set;
    this.keep = policy.keep;
  }

  get hasCeiling(): boolean {
    return this.ceiling.trim() !== "";
  }

  get ceilingIsNumber(): boolean {
    return !this.hasCeiling || isWhole(this.ceiling);
  }

  get warningIsNumber(): boolean {
    return isWhole(this.warning);
  }

  get policy(): Policy {
    return {
      ...this.#before,
      max_lifetime_days: this.hasCeiling ? Number(this.ceiling) : null,
      allow_never: this.allowNever && !this.hasCeiling,
      require_api_set: this.requireSet,
      keep: this.keep,
      warning_days: Number(this.warning),
    };
  }
}

/** Rust takes 32 bits; what is longer is out of any range anyway. */
function isWhole(text: string): boolean {
  return /^\d{1,9}$/u.test(text.trim());
}
