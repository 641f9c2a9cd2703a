import { defineWords } from "../words.ts";

interface StoredLineWords {
  /** "3 experts, 2 measurements". */
  readonly counts: (experts: number, measurements: number) => string;
  readonly stored: (what: string, bytes: string) => string;
  readonly nothing: string;
  readonly off: string;
  readonly failed: string;
  readonly manage: string;
  readonly onlyHere: string;
  readonly onlyHereNote: string;
  /** For the status bar. */
  readonly short: (bytes: string) => string;
  readonly shortOff: string;
  readonly shortFailed: string;
  readonly note: string;
}

export const storedLineWords = defineWords<StoredLineWords>({
  en: {
    counts: (experts, measurements) =>
      [
        ...(experts === 0 ? [] : [experts === 1 ? "1 expert" : `${experts} experts`]),
        ...(measurements === 0
          ? []
          : [measurements === 1 ? "1 measurement" : `${measurements} measurements`]),
      ].join(", "),
    stored: (what, bytes) => `Stored in this browser: ${what === "" ? "" : `${what}, `}${bytes}.`,
    nothing: "What you make here is stored in this browser and survives a reload. Files you open are not.",
    off: "Storing is switched off: what you make lasts until this page is closed or another family is opened.",
    failed:
      "The browser stores nothing: what you make lasts until this page is closed or another family is opened.",
    manage: "Storage…",
    onlyHere: "not stored",
    onlyHereNote: "Lasts until this page is closed or another family is opened.",
    short: (bytes) => `${bytes} stored`,
    shortOff: "storing off",
    shortFailed: "nothing stored",
    note: "Experts and measurements made here, in this browser’s private storage. Opens the list.",
  },
  ja: {
    counts: (experts, measurements) =>
      [
        ...(experts === 0 ? [] : [`エキスパート ${experts} 個`]),
        ...(measurements === 0 ? [] : [`測定結果 ${measurements} 件`]),
      ].join("、"),
    stored: (what, bytes) => `このブラウザーに保存済み: ${what === "" ? "" : `${what}、`}${bytes}。`,
    nothing:
      "ここで作ったものはこのブラウザーに保存され、再読み込みしても残ります。開いたファイルは保存しません。",
    off: "保存はオフです。作ったものは、このページを閉じるか別のファミリーを開くまでです。",
    failed: "ブラウザーに保存できません。作ったものは、このページを閉じるか別のファミリーを開くまでです。",
    manage: "保存領域…",
    onlyHere: "未保存",
    onlyHereNote: "このページを閉じるか、別のファミリーを開くまでです。",
    short: (bytes) => `保存 ${bytes}`,
    shortOff: "保存オフ",
    shortFailed: "保存できません",
    note: "ここで作ったエキスパートと測定結果の、このブラウザー専用領域での容量です。一覧を開きます。",
  },
});
