/**
 * Globs over tensor names: `*` any run without a dot, `**` any run, `?` one character, `\` takes the next one literally.
 *
 * Matching keeps the set of positions that the pattern so far can reach, so it takes at most
 * tokens × characters steps: a hostile pattern cannot make it backtrack.
 */

type Token = { readonly kind: "text"; readonly text: string } | { readonly kind: "one" | "run" | "any" };

/** Compiles a glob into a test of whole names. A trailing lone backslash stands for itself. */
export function compileGlob(glob: string): (name: string) => boolean {
  const tokens = tokenize(glob);
  const [first] = tokens;
  const last = tokens.at(-1);
  if (tokens.length === 1 && first?.kind === "text") return (name) => name === first.text;

  const prefix = first?.kind === "text" ? first.text : "";
  const suffix = last?.kind === "text" ? last.text : "";
  return (name) => name.startsWith(prefix) && name.endsWith(suffix) && matches(tokens, name);
}

function tokenize(glob: string): readonly Token[] {
  const tokens: Token[] = [];
  let text = "";
  const push = (kind: "one" | "run" | "any") => {
    if (text !== "") tokens.push({ kind: "text", text });
    text = "";
    tokens.push({ kind });
  };
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i];
    if (char === "\\" && i + 1 < glob.length) text += glob[++i];
    else if (char === "?") push("one");
    else if (char !== "*") text += char;
    else if (glob[i + 1] === "*") {
      i++;
      push("any");
    } else push("run");
  }
  if (text !== "") tokens.push({ kind: "text", text });
  return tokens;
}

function matches(tokens: readonly Token[], name: string): boolean {
  const n = name.length;
  let reached = new Uint8Array(n + 1);
  reached[0] = 1;
  for (const token of tokens) reached = advance(token, name, reached);
  return reached[n] === 1;
}

/** Positions reachable after the token from those reachable before it. */
function advance(token: Token, name: string, reached: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(reached.length);
  for (let p = 0; p < reached.length; p++) {
    switch (token.kind) {
      case "text":
        if (reached[p] && name.startsWith(token.text, p)) next[p + token.text.length] = 1;
        break;
      case "one":
        if (p > 0) next[p] = reached[p - 1];
        break;
      case "any":
        next[p] = reached[p] | (p > 0 ? next[p - 1] : 0);
        break;
      case "run":
        next[p] = reached[p] | (p > 0 && name[p - 1] !== "." ? next[p - 1] : 0);
        break;
      default:
        token satisfies never;
    }
  }
  return next;
}
