/** Puts a popup under its button, or above it where there is more room. */
export function placeBelow(popup: HTMLElement, button: HTMLElement): void {
  const gap = 4;
  const margin = 8;
  const tallest = 360;
  const anchor = button.getBoundingClientRect();
  const below = window.innerHeight - anchor.bottom;
  const above = below < tallest / 1.5 && anchor.top > below;
  const left = Math.max(margin, Math.min(anchor.left, window.innerWidth - popup.offsetWidth - margin));
  popup.style.left = `${left}px`;
  popup.style.minWidth = `${anchor.width}px`;
  popup.style.maxHeight = `${Math.min(tallest, (above ? anchor.top : below) - gap - margin)}px`;
  popup.style.top = above ? "auto" : `${anchor.bottom + gap}px`;
  popup.style.bottom = above ? `${window.innerHeight - anchor.top + gap}px` : "auto";
}
