/** A choice of a dropdown. */
export interface FilterOption {
  value: string;
  label: string;
  /** How many it would leave. */
  count?: number;
}
