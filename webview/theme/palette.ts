/** The colours that VS Code's theme gives the charts, read again whenever the theme changes. */

export interface Palette {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly border: string;
  readonly series: string;
  readonly second: string;
  /** Colours of the runs drawn over the selected one, in their order. */
  readonly compared: readonly string[];
  readonly warning: string;
  readonly error: string;
  readonly information: string;
  readonly good: string;
  readonly accent: string;
  readonly font: string;
  /** The theme has a dark background. */
  readonly dark: boolean;
}

/** Reads the palette from the page. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const variable = (...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== "") return value;
    }
    return style.color;
  };
  const highContrast = document.body.matches(".vscode-high-contrast, .vscode-high-contrast-light");
  const foreground = variable("foreground", "editor-foreground");
  const background = variable("editor-background");
  // The page has an orange of its own (`base.css`), because that of VS Code is translucent.
  const orange = style.getPropertyValue("--orange").trim();
  return {
    foreground,
    muted: variable("descriptionForeground", "foreground"),
    // High-contrast themes draw their guides as bright as text, and so brighter than the data.
    grid: highContrast
      ? `color-mix(in srgb, ${foreground} 22%, ${background})`
      : variable("editorIndentGuide-background1", "charts-lines", "panel-border"),
    background,
    border: variable("contrastBorder", "panel-border", "charts-lines"),
    series: variable("charts-blue"),
    second: variable("charts-purple"),
    compared: [orange, variable("charts-purple"), variable("charts-green"), variable("charts-yellow")],
    warning: orange,
    error: variable("charts-red"),
    information: variable("charts-blue"),
    good: variable("charts-green"),
    accent: variable("focusBorder"),
    font: variable("font-family"),
    dark: !document.body.matches(".vscode-light, .vscode-high-contrast-light"),
  };
}

/** Calls back when VS Code changes the theme: it replaces the body's class and the root element's variables. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  const options = { attributes: true, attributeFilter: ["class", "style", "data-vscode-theme-id"] };
  observer.observe(document.body, options);
  observer.observe(document.documentElement, options);
}
