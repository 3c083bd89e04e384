import { ChosenKey } from "../features/keys/key-details.svelte";
import { KeyList, pageSize } from "../features/keys/key-list.svelte";
import {
  type Connector,
  type Gateway,
  type LatchkeyError,
  type NewKey,
  type Opening,
  type ProfileView,
  type TenantView,
  toLatchkeyError,
  type Unlisten,
} from "../lib/ipc";
import { Newest } from "../lib/newest";
import { painted } from "../lib/ui/painted";
import type { Place } from "./place";
import { Refreshing } from "./refreshing.svelte";

/** Several changes in a row, as a batch makes them, are one reason to look again. */
const changePause = 120;

/** What the window has open: the profile, the tenants, the place, and the list that goes with it. */
export class Workspace {
  profile = $state.raw<ProfileView | null>(null);
  tenants = $state.raw<TenantView[]>([]);
  tenantsLoaded = $state(false);
  /** How the servers of remote tenants are spoken to. */
  connectors = $state.raw<Connector[]>([]);
  place = $state.raw<Place>({ view: "keys", tenant: null });
  /** The key whose Save window is open. */
  saving = $state.raw<NewKey | null>(null);
  /** The key that was recorded just now. */
  recorded = $state<string | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);
  /** The window is to be closed, and Rust still has a key that nobody saved. Whoever shows that key takes it up. */
  closeRequested = $state(false);
  /** Counts the changes made elsewhere, for views that load by themselves. */
  changes = $state(0);

  readonly keys: KeyList;
  readonly chosen: ChosenKey;
  readonly refreshing: Refreshing;
  readonly gateway: Gateway;
  readonly #tenantList = new Newest();
  readonly #profileView = new Newest();
  #listening: Promise<Unlisten> | undefined;
  /** Told one after the other, so that the last one stays. */
  #remembering: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gateway: Gateway) {
    this.gateway = gateway;
    this.keys = new KeyList(gateway);
    this.chosen = new ChosenKey(gateway);
    this.refreshing = new Refreshing(gateway);
  }

  get tenant(): TenantView | null {
    const { place } = this;
    if (place.view !== "keys") return null;
    return this.tenants.find((tenant) => tenant.id === place.tenant) ?? null;
  }

  connectorOf(tenant: TenantView | null): Connector | null {
    return this.connectors.find((connector) => connector.id === tenant?.remote?.connector) ?? null;
  }

  /**
   * Listens before the first look, so that no change falls between the two. What the page brought was seen before that, and
   * is painted before anything is asked: whether it still holds is a question of its own.
   */
  async open(opening: Opening | null = null): Promise<void> {
    if (!opening) {
      this.#listening = this.#listen();
      return this.start();
    }
    this.bring(opening);
    // What is counted comes when it comes: nobody waits for it before listening.
    const list = this.keys.loaded ? painted().then(() => this.keys.count()) : this.#openKeys();
    await painted();
    this.#listening = this.#listen();
    await this.#listening;
    const holds = await this.gateway.openingHolds().catch(() => false);
    if (!holds) await this.refresh();
    await list;
  }

  /**
   * Shows what the page brought, all of it before this returns: what is painted from it first and what takes over after that
   * have to be the same.
   */
  bring({ profile, tenants, connectors, tenant, keys, limit }: Opening): void {
    this.profile = profile;
    this.tenants = tenants;
    this.connectors = connectors;
    this.tenantsLoaded = true;
    this.place = { view: "keys", tenant };
    if (limit === pageSize) this.keys.bring(tenant, keys);
  }

  async close(): Promise<void> {
    (await this.#listening)?.();
  }

  /**
   * What is asked at the start does not wait for the profile, but the list waits to hear whose it is. The profile comes first,
   * since the window waits for it, and counting many keys may keep every thread of the program busy.
   */
  async start(): Promise<void> {
    const profile = this.gateway.profileView();
    const early = this.#openTenants();
    try {
      this.profile = await profile;
    } catch (reason) {
      // The tenants may have come all the same; without a profile that is no reason to say that all is well.
      await early;
      this.problem = toLatchkeyError(reason);
      return;
    }
    if (this.profile.state === "ready") {
      await Promise.all([this.#resumeSaving(), early.then(() => this.keys.problem && this.#openTenants())]);
    }
  }

  /** The profile was made or unlocked. */
  async ready(profile: ProfileView): Promise<void> {
    this.know(profile);
    await this.#openTenants();
    await this.#resumeSaving();
  }

  goTo(place: Place): void {
    this.place = place;
    if (place.view !== "keys") return;
    this.#remember(place.tenant);
    this.chosen.choose(null);
    void this.keys.open(place.tenant);
  }

  /** The profile as it is by now, whatever the answers under way say. */
  know(profile: ProfileView): void {
    this.#profileView.overtake();
    this.profile = profile;
  }

  /** A tenant was added here: answers that were under way do not know it yet. */
  added(tenant: TenantView): void {
    this.#tenantList.overtake();
    this.tenants = [...this.tenants, tenant];
  }

  /** Looks again, without disturbing what is on the screen. */
  async refresh(): Promise<void> {
    this.changes += 1;
    await Promise.all([this.#loadTenants(), this.#loadProfile(), this.keys.refresh(), this.chosen.refresh()]);
    this.#leaveLostTenant();
  }

  /** Asks a remote tenant's server for its keys. */
  async ask(tenant: string): Promise<void> {
    await this.refreshing.run(tenant);
    await this.refresh();
  }

  /** Asks the servers of all remote tenants. */
  async askAll(): Promise<void> {
    try {
      await this.refreshing.all();
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return;
    }
    await this.refresh();
  }

  async #listen(): Promise<Unlisten> {
    const changes = await this.gateway.on("profile-changed", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.refresh(), changePause);
    });
    const closing = await this.gateway.on("close-requested", () => (this.closeRequested = true));
    const steps = await this.refreshing.listen();
    return () => {
      changes();
      closing();
      steps();
    };
  }

  #remember(tenant: string | null): void {
    // Where that fails, the next window opens with another tenant, which is no loss.
    this.#remembering = this.#remembering.then(() => this.gateway.placeRemember(tenant)).catch(() => undefined);
  }

  async #openTenants(): Promise<void> {
    await Promise.all([this.#loadTenants(), this.#returnToPlace().then(() => this.#openKeys())]);
    this.#leaveLostTenant();
  }

  /** Goes to the tenant that was open last, unless somebody has gone elsewhere meanwhile. */
  async #returnToPlace(): Promise<void> {
    const { place } = this;
    const tenant = await this.gateway.placeLast().catch(() => null);
    if (this.place === place && place.view === "keys") this.place = { view: "keys", tenant };
  }

  #openKeys(): Promise<void> {
    return this.keys.open(this.place.view === "keys" ? this.place.tenant : null);
  }

  async #loadTenants(): Promise<void> {
    try {
      const told = await this.#tenantList.ask(() => Promise.all([this.gateway.tenantList(), this.#loadConnectors()]));
      if (told === null) return;
      [this.tenants, this.connectors] = told.answer;
      this.tenantsLoaded = true;
      this.problem = null;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  /** Those that were known stay where they cannot be listed: the page of connectors says why. */
  #loadConnectors(): Promise<Connector[]> {
    return this.gateway.connectorList().catch(() => this.connectors);
  }

  async #loadProfile(): Promise<void> {
    try {
      const told = await this.#profileView.ask(() => this.gateway.profileView());
      if (told) this.profile = told.answer;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  /** The tenant of this place may be gone since, by another window or the command line. */
  #leaveLostTenant(): void {
    if (!this.tenantsLoaded || this.place.view !== "keys" || this.place.tenant === null) return;
    if (this.tenant === null) this.goTo({ view: "keys", tenant: null });
  }

  async #resumeSaving(): Promise<void> {
    try {
      this.saving = await this.gateway.secretPending();
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }
}
