import { Languages, MoreHorizontal, SunMoon } from "lucide-react";
import { commands } from "#app/commands.ts";
import { useApp } from "#app/store.ts";
import { IconButton } from "../controls/Button.tsx";
import { MenuButton, type MenuGroup } from "../controls/MenuButton.tsx";
import { pickFiles } from "../pick-files.ts";
import { useWords } from "../words.ts";
import { topWords } from "./top-words.ts";

export function ThemeMenu() {
  const text = useWords(topWords);
  const groups = [useThemeGroup()];
  const trigger = <IconButton label={text.theme} icon={<SunMoon size={16} aria-hidden />} />;
  return <MenuButton trigger={trigger} groups={groups} align="end" />;
}

export function LanguageMenu() {
  const text = useWords(topWords);
  const groups = [useLanguageGroup()];
  const trigger = <IconButton label={text.language} icon={<Languages size={16} aria-hidden />} />;
  return <MenuButton trigger={trigger} groups={groups} align="end" />;
}

/** What has no room in a narrow bar. */
export function MoreMenu() {
  const text = useWords(topWords);
  const patchView = useApp((state) => state.patchView);
  const page: MenuGroup = {
    id: "page",
    actions: [
      { id: "open", label: text.open, run: () => pickFiles("files") },
      { id: "link", label: text.link, run: () => commands().copyLink() },
      { id: "palette", label: text.palette, run: () => patchView({ dialog: "palette" }) },
      { id: "keys", label: text.keys, run: () => patchView({ dialog: "keys" }) },
    ],
  };
  const groups = [page, useThemeGroup(), useLanguageGroup()];
  const trigger = <IconButton label={text.more} icon={<MoreHorizontal size={16} aria-hidden />} />;
  return <MenuButton trigger={trigger} groups={groups} align="end" />;
}

function useThemeGroup(): MenuGroup {
  const text = useWords(topWords);
  const chosen = useApp((state) => state.theme);
  const patchView = useApp((state) => state.patchView);
  return {
    id: "theme",
    title: text.theme,
    actions: (["system", "light", "dark"] as const).map((theme) => ({
      id: theme,
      label: text.themes[theme],
      checked: theme === chosen,
      run: () => patchView({ theme }),
    })),
  };
}

function useLanguageGroup(): MenuGroup {
  const text = useWords(topWords);
  const chosen = useApp((state) => state.language);
  const patchView = useApp((state) => state.patchView);
  const names = { en: "English", ja: "日本語" } as const;
  return {
    id: "language",
    title: text.language,
    actions: (["en", "ja"] as const).map((language) => ({
      id: language,
      label: <span lang={language}>{names[language]}</span>,
      checked: language === chosen,
      run: () => patchView({ language }),
    })),
  };
}
