import { expect, it } from "vitest";

import { takeOpening } from "./opening";

it("is taken out of the page once", () => {
  const page = document.implementation.createHTMLDocument();
  const data = page.createElement("script");
  data.id = "opening";
  data.type = "application/json";
  data.textContent = '{"limit":100,"keys":{"keys":[{"name":"\\u003c/script>"}]}}';
  page.head.append(data);

  expect(takeOpening(page)).toEqual({ limit: 100, keys: { keys: [{ name: "</script>" }] } });
  expect(page.getElementById("opening")).toBeNull();
  expect(takeOpening(page)).toBeNull();
});
