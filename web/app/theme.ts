/** Light, dark, or as the system says: the reader's choice, kept in the browser. */
export type Theme = "system" | "light" | "dark";
const KEY = "tapproof.theme";

export function storedTheme(): Theme {
  const value = window.localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
    window.localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset["theme"] = theme;
    window.localStorage.setItem(KEY, theme);
  }
}
