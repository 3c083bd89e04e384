/** The parts of the window in the order in which F6 goes through them; the last one is there only beside a list. */
export interface Panes {
  sidebar: HTMLElement | undefined;
  main: HTMLElement | undefined;
  aside: HTMLElement | undefined;
}

export type Pane = 1 | 2 | 3;

/** The pane one step on from where the focus is; the ends meet. */
export function paneBeside({ sidebar, main, aside }: Panes, step: 1 | -1): Pane {
  const focused = document.activeElement;
  const here = aside?.contains(focused) ? 3 : main?.contains(focused) ? 2 : sidebar?.contains(focused) ? 1 : 0;
  const panes = aside ? 3 : 2;
  const next = here === 0 ? (step === 1 ? 1 : panes) : ((here - 1 + step + panes) % panes) + 1;
  return next as Pane;
}

/** Puts the focus where work goes on: the place of now in the sidebar, the row of now in the list. */
export function focusIn(pane: 1 | 2, { sidebar, main }: Panes): void {
  if (pane === 1) sidebar?.querySelector<HTMLElement>("[aria-current='page']")?.focus();
  else {
    const row = main?.querySelector<HTMLElement>("[data-row][tabindex='0']");
    (row ?? main?.querySelector<HTMLElement>("[tabindex='0'], button, input"))?.focus();
  }
}
