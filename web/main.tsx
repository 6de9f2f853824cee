import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "#web/ui/fonts.css";
import "#web/ui/tokens.css";
import "#web/ui/base.css";
import "#web/ui/ui.css";
import "#web/app/shell.css";
import { LanguageProvider } from "#web/app/language.tsx";
import { SessionProvider } from "#web/app/session.tsx";
import { Shell } from "#web/app/shell.tsx";
import { applyTheme, storedTheme } from "#web/app/theme.ts";

applyTheme(storedTheme());
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <LanguageProvider>
      <SessionProvider>
        <Shell />
      </SessionProvider>
    </LanguageProvider>
  </StrictMode>,
);
