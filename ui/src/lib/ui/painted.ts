/** A window that is not shown paints nothing. */
export const patience = 250;

/**
 * Resolves when what stands in the page by now was painted. Before the second frame begins, nobody knows that the first one
 * is over, and what is done until then holds it up.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, patience);
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        setTimeout(() => {
          clearTimeout(late);
          resolve();
        }),
      ),
    );
  });
}
