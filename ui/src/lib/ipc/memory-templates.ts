/** The program's own templates, from the files that Rust reads, with what those leave out. */
import blank from "../../../../src-tauri/crates/app/templates/blank.json";
import docanalyzer from "../../../../src-tauri/crates/app/templates/docanalyzer.json";
import documenso from "../../../../src-tauri/crates/app/templates/documenso.json";
import documoto from "../../../../src-tauri/crates/app/templates/documoto.json";
import docspace from "../../../../src-tauri/crates/app/templates/docspace.json";
import gotransverse from "../../../../src-tauri/crates/app/templates/gotransverse.json";
import type { Conventions, Template, Words } from "./bindings";
import { defaultPolicy } from "./memory-fixture";

const noWords: Words = {
  new_key: null,
  title: null,
  note: null,
  name: null,
  organization: null,
  groups: null,
  expiration: null,
  api_sets: null,
  finish: null,
  saved: null,
  secret: null,
  copy: null,
  close: null,
  key: null,
  owner: null,
  status: null,
  everything: null,
};

export const noConventions: Conventions = {
  template: null,
  presentation: "raw",
  name_length: { min: 3, max: 100 },
  without: [],
  expirations: [],
  longest_days: null,
  columns: [],
  organizations: false,
  user_groups: false,
  permissions: [],
  no_api_sets: "nothing",
  everything: null,
  presets: [],
  words: noWords,
};

/** A file as TypeScript sees it: every text is any text. */
type File = Omit<Partial<Template>, "conventions"> & { conventions?: Partial<Conventions> };

function complete(file: object): Template {
  const given = file as File;
  const conventions = given.conventions ?? {};
  return {
    version: 1,
    id: "",
    name: "",
    about: "",
    prefix: "lk",
    key_format: "latchkey",
    policy: defaultPolicy,
    api_sets: [],
    ...given,
    organizations: (given.organizations ?? []).map((one) => ({ ...one, permissions: one.permissions ?? null })),
    user_groups: given.user_groups ?? [],
    conventions: { ...noConventions, ...conventions, words: { ...noWords, ...conventions.words } },
  };
}

export const memoryTemplates: Template[] = [blank, docanalyzer, documenso, documoto, gotransverse, docspace].map(
  complete,
);
