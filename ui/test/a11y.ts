import axe from "axe-core";

/**
 * The rules that axe finds broken below `node`, as `rule: element`. jsdom has no layout, so contrast is measured
 * from the tokens instead (see tokens.test.ts).
 */
export async function axeViolations(node: Element): Promise<string[]> {
  const results = await axe.run(node, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return results.violations.flatMap((violation) =>
    violation.nodes.map((found) => `${violation.id}: ${found.html.slice(0, 200)}`),
  );
}
