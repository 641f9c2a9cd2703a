import type { Finding } from "#core/mergekit/finding.ts";
import { useWords } from "../words.ts";
import styles from "./exchange.module.css";
import { exchangeWords } from "./exchange-words.ts";

interface FindingsProps {
  readonly findings: readonly Finding[];
  /** Lines of the text that they are about. */
  readonly lines?: readonly string[];
}

const order = { error: 0, differs: 1, ignored: 2 } as const;

/** What a translation cannot do, does otherwise or leaves out, each beside its line; the worst first. */
export function Findings({ findings, lines }: FindingsProps) {
  const text = useWords(exchangeWords);
  if (findings.length === 0) return <p>{text.noFindings}</p>;
  const sorted = findings.toSorted(
    (a, b) => order[a.severity] - order[b.severity] || (a.line ?? 0) - (b.line ?? 0),
  );
  return (
    <ul className={styles.findings}>
      {sorted.map(({ severity, line, path, message }) => (
        <li key={`${path} ${message}`} data-severity={severity}>
          <b>{text.severities[severity]}</b>
          {line === undefined ? null : <span className="muted"> {text.line(line)}</span>}
          {line === undefined || !lines?.[line - 1] ? null : (
            <code className={styles.quoted}>{lines[line - 1]?.trim()}</code>
          )}
          <span className={styles.message} lang="en">
            {message}
          </span>
        </li>
      ))}
    </ul>
  );
}
