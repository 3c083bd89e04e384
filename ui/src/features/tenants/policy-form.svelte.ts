import type { DefaultExpiration, KeepPolicy, Policy } from "../../lib/ipc";

/** What the select of the default end holds besides a number of days. */
export const usualEnd = "usual";
export const otherDays = "days";
const never = "never";

/** Default ends that need no typing. */
export const commonDays = [30, 90, 180, 365];

/** A tenant's rules as they stand in the form: numbers as typed, so that nothing is lost while they are wrong. */
export class PolicyForm {
  ceiling = $state("");
  warning = $state("");
  allowNever = $state(true);
  requireSet = $state(false);
  uniqueNames = $state(false);
  ownKeysOnly = $state(false);
  keep = $state<KeepPolicy>("offer");
  /** [`usualEnd`], `never`, a number of days, or [`otherDays`], which are in `defaultDays`. */
  defaultEnd = $state(usualEnd);
  defaultDays = $state("");
  readonly #before: Policy;

  constructor(policy: Policy) {
    this.#before = policy;
    this.ceiling = policy.max_lifetime_days === null ? "" : String(policy.max_lifetime_days);
    this.warning = String(policy.warning_days);
    this.allowNever = policy.allow_never;
    this.requireSet = policy.require_api_set;
    this.uniqueNames = policy.unique_names;
    this.ownKeysOnly = policy.own_keys_only;
    this.keep = policy.keep;
    const end = policy.default_expiration;
    if (end?.kind === "never") this.defaultEnd = never;
    else if (end && commonDays.includes(end.days)) this.defaultEnd = String(end.days);
    else if (end) [this.defaultEnd, this.defaultDays] = [otherDays, String(end.days)];
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

  get asksForDays(): boolean {
    return this.defaultEnd === otherDays;
  }

  get defaultIsNumber(): boolean {
    return !this.asksForDays || isWhole(this.defaultDays);
  }

  /** Whether every number is one: only then can Rust be asked about it. */
  get isReadable(): boolean {
    return this.ceilingIsNumber && this.warningIsNumber && this.defaultIsNumber;
  }

  get #defaultExpiration(): DefaultExpiration | null {
    if (this.defaultEnd === usualEnd) return null;
    if (this.defaultEnd === never) return { kind: "never" };
    return { kind: "days", days: Number(this.asksForDays ? this.defaultDays : this.defaultEnd) };
  }

  get policy(): Policy {
    return {
      ...this.#before,
      max_lifetime_days: this.hasCeiling ? Number(this.ceiling) : null,
      allow_never: this.allowNever && !this.hasCeiling,
      default_expiration: this.#defaultExpiration,
      require_api_set: this.requireSet,
      unique_names: this.uniqueNames,
      own_keys_only: this.ownKeysOnly,
      keep: this.keep,
      warning_days: Number(this.warning),
    };
  }
}

/** Rust takes 32 bits; what is longer is out of any range anyway. */
function isWhole(text: string): boolean {
  return /^\d{1,9}$/u.test(text.trim());
}
