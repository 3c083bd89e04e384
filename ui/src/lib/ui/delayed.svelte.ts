/**
 * Follows `busy`, but turns on only when it has lasted: what answers at once shows no waiting sign.
 * Call it while a component is being set up.
 */
export function delayed(busy: () => boolean, after = 500): { readonly current: boolean } {
  let lasting = $state(false);

  $effect(() => {
    if (!busy()) return;
    const timer = setTimeout(() => (lasting = true), after);
    return () => {
      clearTimeout(timer);
      lasting = false;
    };
  });

  return {
    get current() {
      return lasting;
    },
  };
}
