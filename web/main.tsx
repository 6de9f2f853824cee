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
import { VIEWS } from "#web/app/views.ts";

applyTheme(storedTheme());
// the code of the view that the address names comes while the session opens
const [, view = "overview"] = window.location.pathname.split("/").filter((segment) => segment !== "");
void VIEWS.find((v) => v.id === view)?.load();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <LanguageProvider>
      <SessionProvider>
        <Shell />
      </SessionProvider>
    </LanguageProvider>
  </StrictMode>,
);
