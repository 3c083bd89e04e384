/** What a key press asks the window to do. */
export type Shortcut =
  | "new-key"
  | "search"
  | "edit"
  | "rotate"
  | "revoke"
  | "help"
  | "close"
  | "next-pane"
  | "previous-pane"
  | { pane: 1 | 2 | 3 };

/** Fields keep the keys that mean something to them. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role='textbox']"))
  );
}

export function shortcutOf(event: KeyboardEvent): Shortcut | null {
  if (event.defaultPrevented || event.altKey) return null;
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.shiftKey) {
    switch (event.key.toLowerCase()) {
      case "n":
        return "new-key";
      case "f":
        return "search";
      case "r":
        return "rotate";
      case "1":
        return { pane: 1 };
      case "2":
        return { pane: 2 };
      case "3":
        return { pane: 3 };
      default:
        return null;
    }
  }
  if (command) return null;
  switch (event.key) {
    case "F1":
      return "help";
    case "F2":
      return "edit";
    case "F6":
      return event.shiftKey ? "previous-pane" : "next-pane";
    case "Escape":
      return "close";
    case "Delete":
      return isTyping(event.target) ? null : "revoke";
    case "?":
      return isTyping(event.target) ? null : "help";
    default:
      return null;
  }
}
