import type { Gateway } from "../../lib/ipc";

const pause = 300;

/**
 * How many keys of the tenant have the name already, asked for when typing pauses. Only a hint: when it cannot be
 * had, nothing is said. Call it while a component is being set up.
 */
export function nameUses(gateway: Gateway, tenant: string, name: () => string): { readonly count: number } {
  let count = $state(0);

  $effect(() => {
    const asked = name().trim();
    count = 0;
    if (asked.length < 3) return;
    let superseded = false;
    const timer = setTimeout(() => {
      gateway.keyNameUses(tenant, asked).then(
        (uses) => {
          if (!superseded) count = uses;
        },
        () => {},
      );
    }, pause);
    return () => {
      superseded = true;
      clearTimeout(timer);
    };
  });

  return {
    get count() {
      return count;
    },
  };
}
