/** Key strokes as the user's machine writes them. */

/** True on machines whose command key is ⌘. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

const command = isApple ? "⌘" : "Ctrl ";

export const keyNames = {
  undo: `${command}Z`,
  redo: isApple ? "⇧⌘Z" : "Ctrl Shift Z",
  palette: `${command}K`,
  save: `${command}S`,
  open: `${command}O`,
  paste: `${command}V`,
  keys: "?",
  shift: isApple ? "⇧" : "Shift",
  alt: isApple ? "⌥" : "Alt",
} as const;
