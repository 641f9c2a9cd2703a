import { CircleAlert, CircleHelp, Info, X } from "lucide-react";
import { useEffect } from "react";
import { commands } from "#app/commands.ts";
import type { Notice, NoticeAction } from "#app/slices/library.ts";
import { useApp } from "#app/store.ts";
import type { NonFiniteReport } from "#core/library/non-finite-report.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { Button, IconButton } from "./Button.tsx";
import { ErrorMessage } from "./ErrorMessage.tsx";
import { type NoticeWords, noticeWords } from "./notice-words.ts";
import styles from "./notices.module.css";

/** What went wrong, per file or place. It stays until it is dismissed. */
export function Notices() {
  const text = useWords(noticeWords);
  const notices = useApp((state) => state.notices);
  const dismiss = useApp((state) => state.dismiss);
  const errors = notices.filter((notice) => notice.kind !== "info");

  return (
    <section aria-label={text.region} aria-live="polite" className={styles.notices}>
      {errors.length > 1 ? (
        <Button look="quiet" onClick={() => errors.forEach((notice) => void dismiss(notice.id))}>
          {text.dismissAll(errors.length)}
        </Button>
      ) : null}
      {errors.map((notice) => (
        <div key={notice.id} className={styles.notice} data-kind={notice.kind}>
          {notice.kind === "error" ? (
            <CircleAlert size={16} aria-hidden className={styles.sign} />
          ) : (
            <CircleHelp size={16} aria-hidden className={styles.sign} />
          )}
          <NoticeText notice={notice} />
          <IconButton
            label={text.dismiss}
            icon={<X size={14} aria-hidden />}
            onClick={() => dismiss(notice.id)}
          />
        </div>
      ))}
    </section>
  );
}

/** Milliseconds that good news stay. */
const STAY = 6000;

/** Good news in the corner: saved, copied. They leave by themselves. */
export function Toasts() {
  const notices = useApp((state) => state.notices);
  const news = notices.filter((notice) => notice.kind === "info");
  return (
    <div role="status" className={styles.toasts}>
      {news.map((notice) => (
        <Toast key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function Toast({ notice }: { readonly notice: Notice }) {
  const text = useWords(noticeWords);
  const dismiss = useApp((state) => state.dismiss);
  const { id } = notice;
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), STAY);
    return () => clearTimeout(timer);
  }, [id, dismiss]);
  return (
    <div className={styles.toast}>
      <Info size={16} aria-hidden className={styles.sign} />
      <NoticeText notice={notice} />
      <IconButton label={text.dismiss} icon={<X size={14} aria-hidden />} onClick={() => dismiss(id)} />
    </div>
  );
}

function NoticeText({
  notice: { id, code, message, details, subject, report, actions },
}: {
  readonly notice: Notice;
}) {
  const text = useWords(noticeWords);
  const headlines: Readonly<Record<string, string>> = text.codes;
  const isSaved = code === "saved";
  return (
    <div className={styles.text}>
      <p className={styles.headline}>{headlines[code] ?? text.unknown}</p>
      {subject === undefined ? null : <p className={styles.subject}>{subject}</p>}
      {report ? <NonFiniteText report={report} canKeepBase={actions?.some(isRepair) ?? false} /> : null}
      {report || message === "" ? null : (
        <p className={styles.message}>
          {isSaved ? (
            text.content(message.slice(0, 19))
          ) : (
            <ErrorMessage code={code} message={message} details={details} />
          )}
        </p>
      )}
      {actions === undefined ? null : (
        <div className={styles.actions}>
          {actions.map((action) => (
            <ActionButton key={JSON.stringify(action)} action={action} notice={id} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Tensors that are named before the others fold away. */
const SHOWN = 3;

interface NonFiniteTextProps {
  readonly report: NonFiniteReport;
  /** False of a base, and of a head that no base has. */
  readonly canKeepBase: boolean;
}

/** How many entries of a file are no numbers, of which kind, in which tensors; and what can stand in for them. */
function NonFiniteText({ report: { nan, infinite, count, tensors }, canKeepBase }: NonFiniteTextProps) {
  const text = useWords(noticeWords).nonFinite;
  const format = useFormats();
  const kinds = [
    ...(nan > 0 ? [text.nan(format.count(nan))] : []),
    ...(infinite > 0 ? [text.infinite(format.count(infinite))] : []),
  ];
  return (
    <>
      <p>{text.summary(format.list(kinds), format.count(count), count === 1)}</p>
      <Tensors list={tensors.slice(0, SHOWN)} />
      {count > SHOWN ? (
        <details className={styles.more}>
          <summary>{text.more(format.count(count - SHOWN))}</summary>
          <Tensors list={tensors.slice(SHOWN)} />
          {count > tensors.length ? <p>{text.more(format.count(count - tensors.length))}</p> : null}
        </details>
      ) : null}
      <p className={styles.message}>{canKeepBase ? text.advice : text.baseAdvice}</p>
    </>
  );
}

function Tensors({ list }: { readonly list: readonly string[] }) {
  return (
    <ul className={styles.tensors}>
      {list.map((tensor) => (
        <li key={tensor}>{tensor}</li>
      ))}
    </ul>
  );
}

/** Takes up an offer; the notice has then done its work. */
function ActionButton({ action, notice }: { readonly action: NoticeAction; readonly notice: number }) {
  const text = useWords(noticeWords);
  const dismiss = useApp((state) => state.dismiss);
  const run = () => {
    dismiss(notice);
    take(action);
  };
  return <Button onClick={run}>{wordsOf(action, text)}</Button>;
}

function isRepair({ kind }: NoticeAction): boolean {
  return kind === "repair";
}

function take(action: NoticeAction): void {
  const { kind } = action;
  switch (kind) {
    case "open-family":
      commands().openFamily(action.family, action.recipe);
      break;
    case "open-own":
      commands().openOwn(action.offer, action.logits);
      break;
    case "review-tasks":
      commands().reviewTasks(action.offer);
      break;
    case "repair":
      commands().openRepaired(action.offer, action.by);
      break;
    case "leave-out":
      break;
    default:
      kind satisfies never;
  }
}

function wordsOf(action: NoticeAction, text: NoticeWords): string {
  const { kind } = action;
  switch (kind) {
    case "open-family":
      return text.openFamily(action.name);
    case "open-own":
      if (action.by !== undefined) return text.repair[action.by];
      return action.logits === undefined ? text.openOwn : text.takeOutput(action.logits);
    case "review-tasks":
      return text.reviewTasks;
    case "repair":
      return text.repair[action.by];
    case "leave-out":
      return text.leaveOut;
    default:
      return kind satisfies never;
  }
}
