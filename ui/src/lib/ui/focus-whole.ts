/**
 * Gives a control the focus and shows all of its field: by themselves browsers show the control alone, and what is wrong
 * with it may stand below the edge.
 */
export function focusWhole(control: HTMLElement): void {
  control.focus();
  control.closest("[data-field]")?.scrollIntoView({ block: "nearest" });
}
